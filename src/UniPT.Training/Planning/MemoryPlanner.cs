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

    /// <summary>
    /// The batches through whose steps the lines for a batch are drawn: half of it, or all of a small one, and three quarters of that. Much smaller ones would say
    /// too much, because frozen networks take more than a few examples in parts.
    /// </summary>
    public static (int Few, int Many) ProbeBatches(int batch)
    {
        int many = Math.Clamp(batch / 2, Math.Clamp(batch, 4, 16), MostExamples);
        return (many * 3 / 4, many);
    }

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
        (int few, int many) = ProbeBatches(recipe.Train.BatchSize);
        StepProbe small = Probe(task, data, model, few, cancellation);
        StepProbe large = Probe(task, data, model, many, cancellation);
        return MemoryPlan.Through(recipe.Method.Name, recipe.Train.BatchSize, model.TrainableParameters, (few, small), (many, large), DecodedBytes(recipe, data));
    }

    private static StepProbe Probe(LearningTask task, TaskData data, TaskModel model, int batch, CancellationToken cancellation)
    {
        Recipe recipe = task.Recipe;
        string folder = Directory.CreateTempSubdirectory("unipt-plan-").FullName;
        try
        {
            using var kept = new KeptInputs();
            var reader = new HiddenStateReader(data);
            kept.Serve(reader, recipe, model, data, batch, folder);
            using var training = new LargestBatch(task, recipe with { Train = recipe.Train with { BatchSize = batch } }, model, data, reader, batch);
            return StepProbe.Take(training, recipe.Train, recipe.Device.Name(), cancellation: cancellation);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
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
                BackboneInputs some = data.Inputs(backbone, "train").Some(rows);
                IReadOnlyList<int>? places = some.Places();
                HiddenStateCache cache = HiddenStateShelf.Build(Path.Combine(folder, $"{backbone}.safetensors"), model.Tuned[backbone].Stream, data, some);
                _caches.Add(cache);
                reader.Keep(backbone, "train", cache, rows.Index().ToDictionary(row => row.Item, row => places?[row.Index] ?? row.Index));
            }
        }

        public void Dispose() => _caches.ForEach(cache => cache.Dispose());
    }
}
