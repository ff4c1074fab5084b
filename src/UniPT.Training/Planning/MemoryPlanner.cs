using UniPT.Tasks.Retrieval.Data;
using UniPT.Tasks.Retrieval.Model;
using UniPT.Torch;
using UniPT.Training.Loop;
using UniPT.Training.Recipes;
using UniPT.Training.Retrieval;

namespace UniPT.Training.Planning;

/// <summary>Predicts the memory of a recipe's training steps from two steps of a few examples.</summary>
public static class MemoryPlanner
{
    private const int MostExamples = 32;

    /// <summary>Probes the recipe's model with pictures of its training split and its longest caption.</summary>
    /// <exception cref="UserException">Something in the recipe, the data or the weights is wrong.</exception>
    public static MemoryPlan Plan(Recipe recipe, CancellationToken cancellation = default)
    {
        Trainer.Configure(recipe);
        using RetrievalData data = RetrievalData.Open(recipe);
        (RetrievalModel built, RetrievalObjective objective) = RetrievalModelBuilder.Build(recipe);
        using RetrievalModel model = built;
        int many = Math.Clamp(recipe.Train.BatchSize / 2, 4, MostExamples);
        int few = many / 2;
        StepMemory small = Probe(recipe, data, model, objective, few, cancellation);
        StepMemory large = Probe(recipe, data, model, objective, many, cancellation);
        double slope = (large.Activations - small.Activations) / (double)(many - few);
        StepMemory none = large with { Activations = large.Activations - (long)(slope * many) };
        slope += DecodedBytes(recipe);
        return new MemoryPlan(recipe.Method.Name, recipe.Train.BatchSize, model.TrainableParameters, none, slope);
    }

    private static StepMemory Probe(
        Recipe recipe, RetrievalData data, RetrievalModel model, RetrievalObjective objective, int batch, CancellationToken cancellation)
    {
        Recipe probe = recipe with { Train = recipe.Train with { BatchSize = batch, DropLast = false, MaxSteps = 2, Epochs = 1 } };
        ImageCaptionSplit examples = Examples(data, batch);
        string folder = Directory.CreateTempSubdirectory("unipt-plan-").FullName;
        try
        {
            using var task = new RetrievalTask(probe, model, objective, data, examples, examples, folder, _ => { });
            using var optimizer = new AdamW(task.ParameterGroups, probe.Train.Beta1, probe.Train.Beta2, probe.Train.Epsilon);
            var watch = new MemoryWatch();

            // From step 1, since nothing needs to be fitted to the data.
            var loop = new TrainingLoop(
                task, optimizer, Trainer.Settings(probe, task), Path.Combine(folder, "last.safetensors"), folder, watch);
            loop.Run(TrainingPosition.Start with { Step = 1 }, cancellation);
            return watch.Memory!;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>While a step computes, the pictures of a later one are decoded; a probe has no later one.</summary>
    private static long DecodedBytes(Recipe recipe) =>
        recipe.Train.Cache ? 0 : 3L * recipe.Data.ImageSize * recipe.Data.ImageSize * sizeof(float);

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
