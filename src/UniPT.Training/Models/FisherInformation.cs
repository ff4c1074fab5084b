using UniPT.Torch;
using UniPT.Training.Contracts;
using UniPT.Training.Loop;
using UniPT.Training.Recipes;
using UniPT.Tuning;
using UniPT.Tuning.Full;

namespace UniPT.Training.Models;

/// <summary>
/// How much the loss depends on each weight of the backbones: the squared gradients of full fine-tuning, before its first
/// step, summed over training batches (the empirical Fisher information).
/// </summary>
internal static class FisherInformation
{
    /// <summary>Lets the methods start from it that ask for it.</summary>
    internal static void Start(TaskModel model, LearningTask task, TaskData data)
    {
        int batches = model.Tuned.Values.Max(Batches);
        if (batches == 0)
        {
            return;
        }

        // The gradients of all weights at once, which the frozen backbones beside the method do not have.
        LearningTask full = TaskRegistry.Create(task.Recipe with
        {
            Precision = Precision.Float32,
            Method = new MethodChoice("full", new FullOptions()),
            Train = task.Recipe.Train with { Cache = false, BatchSize = model.Tuned.Values.Max(BatchSize) ?? task.Recipe.Train.BatchSize },
        });
        using TaskModel plain = TaskModelBuilder.Build(full, data.Content);
        using var training = new TaskTraining(full, full.Recipe, plain, data, new HiddenStateReader(data), saveAdapter: _ => { });
        using DisposeScope scope = torch.NewDisposeScope();
        Dictionary<string, Dictionary<string, Tensor>> sums = plain.Tuned.ToDictionary(pair => pair.Key, pair => Zeros(pair.Value), StringComparer.Ordinal);
        for (int step = 0; step < batches; step++)
        {
            (int epoch, int stepInEpoch) = Math.DivRem(step, training.StepsPerEpoch);
            Backward(training, epoch, stepInEpoch);
            foreach ((string backbone, TunedBackbone tuned) in plain.Tuned)
            {
                Add(tuned, sums[backbone]);
            }
        }

        foreach ((string backbone, TunedBackbone tuned) in model.Tuned.Where(pair => Batches(pair.Value) > 0))
        {
            ((IStartsFromFisher)tuned).StartFrom(sums[backbone]);
        }
    }

    private static int Batches(TunedBackbone tuned) => (tuned as IStartsFromFisher)?.FisherBatches ?? 0;

    private static int? BatchSize(TunedBackbone tuned) => (tuned as IStartsFromFisher)?.FisherBatchSize;

    private static Dictionary<string, Tensor> Zeros(TunedBackbone tuned) =>
        tuned.Backbone.Store.Trainable.ToDictionary(pair => pair.Key, pair => pair.Value.detach().zeros_like(), StringComparer.Ordinal);

    private static void Backward(TaskTraining training, int epoch, int stepInEpoch)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable prepared = training.Prepare(epoch, stepInEpoch);
        training.Loss(prepared, epoch, stepInEpoch).Total.Backward();
    }

    private static void Add(TunedBackbone tuned, Dictionary<string, Tensor> sums)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        foreach ((string name, Tensor parameter) in tuned.Backbone.Store.Trainable)
        {
            if (parameter.grad is { } gradient)
            {
                sums[name].addcmul_(gradient, gradient, Scalars.Of(1));
                parameter.grad = null;
            }
        }
    }
}
