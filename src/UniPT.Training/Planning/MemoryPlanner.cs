using UniPT.Backbones.Caching;
using UniPT.Torch;
using UniPT.Training.Contracts;
using UniPT.Training.Features;
using UniPT.Training.Loop;
using UniPT.Training.Models;
using UniPT.Training.Recipes;

namespace UniPT.Training.Planning;

/// <summary>Predicts the memory of a recipe's training steps from steps of a few examples.</summary>
public static class MemoryPlanner
{
    private const int MostExamples = 64;

    /// <summary>Probes the recipe's model with the largest examples of its training split.</summary>
    /// <exception cref="UserException">Something in the recipe, the data or the weights is wrong, or there is too little memory for the probes.</exception>
    public static MemoryPlan Plan(Recipe recipe, CancellationToken cancellation = default) =>
        TorchErrors.Explain(() => Measure(recipe, cancellation), Trainer.MemoryAdvice(recipe));

    private static MemoryPlan Measure(Recipe recipe, CancellationToken cancellation)
    {
        Trainer.Configure(recipe);
        recipe = recipe.Settle();
        LearningTask task = TaskRegistry.Create(recipe);
        using TaskData data = task.OpenData();
        using TaskModel model = TaskModelBuilder.Build(task, data.Content);
        data.Fit(model);
        int many = Math.Clamp(recipe.Train.BatchSize / 2, 4, MostExamples);
        int few = many * 3 / 4;
        (StepMemory Step, long? Early) small = Probe(task, data, model, few, cancellation);
        (StepMemory Step, long? Early) large = Probe(task, data, model, many, cancellation);
        return new MemoryPlan(
            recipe.Method.Name,
            recipe.Train.BatchSize,
            model.TrainableParameters,
            large.Step with { Activations = large.Step.Activations is null ? null : 0 },
            Line(small.Early, large.Early),
            Line(small.Step.Activations, large.Step.Activations));

        MemoryLine? Line(long? ofFew, long? ofMany)
        {
            if (ofFew is not { } less || ofMany is not { } more)
            {
                return null;
            }

            MemoryLine line = MemoryLine.Through(few, less, many, more);
            return line with { PerExample = line.PerExample + DecodedBytes(recipe, data) };
        }
    }

    /// <summary>A step, and the activations at its peak if gradients came only after it.</summary>
    private static (StepMemory Step, long? Early) Probe(LearningTask task, TaskData data, TaskModel model, int batch, CancellationToken cancellation)
    {
        Recipe recipe = task.Recipe;
        string folder = Directory.CreateTempSubdirectory("unipt-plan-").FullName;
        try
        {
            using var kept = new KeptInputs();
            var reader = new HiddenStateReader(data);
            kept.Serve(reader, recipe, model, data, batch, folder);
            Recipe probe = recipe with { Train = recipe.Train with { BatchSize = batch, MaxSteps = 2, Epochs = 1, Steps = 0, AccumulationSteps = 1 } };
            using var training = new LargestBatch(task, probe, model, data, reader, batch);
            using var state = RunState.Create(training, probe.Train);
            var watch = new MemoryWatch();

            // From step 1, since nothing needs to be fitted to the data.
            var loop = new TrainingLoop(
                training, state, Trainer.Settings(probe, training), Path.Combine(folder, "last.safetensors"), folder, watch);
            loop.Run(TrainingPosition.Start with { Step = 1 }, cancellation);
            return (watch.Memory!, Activations(training, probe.Device.Name()) - watch.Memory!.Gradients);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What a step holds at most beside weights and gradients, which are there before it begins; null where it is not measured.</summary>
    private static long? Activations(TrainingTask training, Device device)
    {
        training.SetTraining(true);
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor[] parameters = [.. training.ParameterGroups.SelectMany(group => group.Parameters.Values)];
        foreach (Tensor parameter in parameters)
        {
            parameter.grad = parameter.detach().zeros_like();
        }

        using IDisposable prepared = training.Prepare(0, 0);
        long before = TensorMemory.Current(device);
        TensorMemory.ResetPeak();
        training.Loss(prepared, 0, 0).Total.Backward();
        long? most = TensorMemory.PeakAbove(before, device);
        foreach (Tensor parameter in parameters)
        {
            parameter.grad = null;
        }

        return most;
    }

    /// <summary>While a step computes, the examples of a later one are decoded, on the CPU; a probe has no later one.</summary>
    private static long DecodedBytes(Recipe recipe, TaskData data) =>
        recipe.Train.Cache || recipe.Device != DeviceKind.Cpu ? 0 : data.PreparedBytes;

    /// <summary>Training in which every step is the batch that needs the most, and nothing is evaluated or saved.</summary>
    private sealed class LargestBatch(LearningTask task, Recipe probe, TaskModel model, TaskData data, HiddenStateReader reader, int batch)
        : TaskTraining(task, probe, model, data, reader, saveAdapter: _ => { })
    {
        private readonly TaskData _data = data;
        private readonly HiddenStateReader _reader = reader;

        public override int StepsPerEpoch => 1;

        public override int ExamplesOf(int stepInEpoch) => batch;

        public override IDisposable Prepare(int epoch, int stepInEpoch) => _data.PrepareLargest(batch, _reader);

        public override (double Score, IReadOnlyDictionary<string, double> Figures) Validate(CancellationToken cancellation) =>
            (0, new Dictionary<string, double>());
    }

    /// <summary>The hidden states of one batch, where a recipe asks for them to be kept.</summary>
    private sealed class KeptInputs : IDisposable
    {
        private readonly List<HiddenStateCache> _caches = [];

        internal void Serve(HiddenStateReader reader, Recipe recipe, TaskModel model, TaskData data, int batch, string folder)
        {
            if (!recipe.Train.Cache || model.ChangesHiddenStates)
            {
                return;
            }

            IReadOnlyDictionary<string, int[]> read;
            using (PreparedBatch largest = data.PrepareLargest(batch, reader))
            {
                read = largest.Inputs;
            }

            foreach ((string backbone, int[] inputs) in read)
            {
                int[] rows = [.. inputs.Distinct()];
                BackboneInputs all = data.Inputs(backbone, "train");
                var some = new BackboneInputs(
                    rows.Length, chunk => all.Batch(Array.ConvertAll(chunk, i => rows[i])), all.Lengths is { } lengths ? [.. rows.Select(row => lengths[row])] : null);
                HiddenStateCache cache = HiddenStateShelf.Build(Path.Combine(folder, $"{backbone}.safetensors"), model.Tuned[backbone].Stream, data, some);
                _caches.Add(cache);
                reader.Keep(backbone, "train", cache, rows.Select((row, i) => (row, i)).ToDictionary(pair => pair.row, pair => pair.i));
            }
        }

        public void Dispose() => _caches.ForEach(cache => cache.Dispose());
    }

    private sealed class MemoryWatch : ITrainingObserver
    {
        internal StepMemory? Memory { get; private set; }

        public void Started(TrainingPosition position, int epochs, int stepsPerEpoch)
        {
        }

        public void Stepped(StepResult result) => Memory = StepMemory.Larger(Memory, result.Memory);

        public void Evaluated(EpochResult result)
        {
        }
    }
}
