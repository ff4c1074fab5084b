using UniPT.Tasks.Retrieval.Data;
using UniPT.Tasks.Retrieval.Model;
using UniPT.Torch;
using UniPT.Training.Loop;
using UniPT.Training.Recipes;
using UniPT.Training.Retrieval;

namespace UniPT.Training.Planning;

/// <summary>Predicts the memory of a recipe's training steps from steps of a few examples.</summary>
public static class MemoryPlanner
{
    private const int MostExamples = 64;

    /// <summary>Probes the recipe's model with pictures of its training split and its longest caption.</summary>
    /// <exception cref="UserException">Something in the recipe, the data or the weights is wrong, or there is too little memory for the probes.</exception>
    public static MemoryPlan Plan(Recipe recipe, CancellationToken cancellation = default) =>
        TorchErrors.Explain(() => Measure(recipe, cancellation), Trainer.MemoryAdvice);

    private static MemoryPlan Measure(Recipe recipe, CancellationToken cancellation)
    {
        Trainer.Configure(recipe);
        recipe = recipe.Settle();
        using RetrievalData data = RetrievalData.Open(recipe);
        (RetrievalModel built, RetrievalObjective objective) = RetrievalModelBuilder.Build(recipe);
        using RetrievalModel model = built;
        data.Fit(model);
        int many = Math.Clamp(recipe.Train.BatchSize / 2, 4, MostExamples);
        int few = many * 3 / 4;
        (StepMemory Step, long? Early) small = Probe(recipe, data, model, objective, few, cancellation);
        (StepMemory Step, long? Early) large = Probe(recipe, data, model, objective, many, cancellation);
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
            return line with { PerExample = line.PerExample + DecodedBytes(recipe) };
        }
    }

    /// <summary>A step, and the activations at its peak if gradients came only after it.</summary>
    private static (StepMemory Step, long? Early) Probe(
        Recipe recipe, RetrievalData data, RetrievalModel model, RetrievalObjective objective, int batch, CancellationToken cancellation)
    {
        Recipe probe = recipe with { Train = recipe.Train with { BatchSize = batch, DropLast = false, MaxSteps = 2, Epochs = 1, Steps = 0, AccumulationSteps = 1 } };
        ImageCaptionSplit examples = Examples(data, batch);
        string folder = Directory.CreateTempSubdirectory("unipt-plan-").FullName;
        try
        {
            using var task = new RetrievalTask(probe, model, objective, data, examples, examples, folder, _ => { });
            using var state = RunState.Create(task, probe.Train);
            var watch = new MemoryWatch();

            // From step 1, since nothing needs to be fitted to the data.
            var loop = new TrainingLoop(
                task, state, Trainer.Settings(probe, task), Path.Combine(folder, "last.safetensors"), folder, watch);
            loop.Run(TrainingPosition.Start with { Step = 1 }, cancellation);
            return (watch.Memory!, Activations(task, probe.Device.Name()) - watch.Memory!.Gradients);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What a step holds at most beside weights and gradients, which are there before it begins; null where it is not measured.</summary>
    private static long? Activations(RetrievalTask task, Device device)
    {
        task.SetTraining(true);
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor[] parameters = [.. task.ParameterGroups.SelectMany(group => group.Parameters.Values)];
        foreach (Tensor parameter in parameters)
        {
            parameter.grad = parameter.detach().zeros_like();
        }

        using IDisposable prepared = task.Prepare(0, 0);
        long before = TensorMemory.Current(device);
        TensorMemory.ResetPeak();
        task.Loss(prepared, 0, 0).Backward();
        long? most = TensorMemory.PeakAbove(before, device);
        foreach (Tensor parameter in parameters)
        {
            parameter.grad = null;
        }

        return most;
    }

    /// <summary>While a step computes, the pictures of a later one are decoded, on the CPU; a probe has no later one.</summary>
    private static long DecodedBytes(Recipe recipe) =>
        recipe.Train.Cache || recipe.Device != DeviceKind.Cpu ? 0 : 3L * recipe.Data.ImageSize * recipe.Data.ImageSize * sizeof(float);

    /// <summary>The pair with the longest caption, to whose length a batch is padded, and others from all over the split.</summary>
    private static ImageCaptionSplit Examples(RetrievalData data, int count)
    {
        ImageCaptionSplit train = data.Set.Train;
        (int Image, int Caption) longest = train.Images
            .SelectMany((image, i) => image.Captions.Select((caption, c) => (Pair: (i, c), data.Tokenizer.Encode(caption).Length)))
            .MaxBy(candidate => candidate.Length).Pair;
        return train.Pairs(Enumerable.Range(1, count - 1).Select(i => (i * train.Images.Count / count, 0)).Prepend(longest));
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
