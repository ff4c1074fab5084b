using UniPT.Tasks.Retrieval.Data;
using UniPT.Tasks.Retrieval.Model;
using UniPT.Torch;
using UniPT.Training.Recipes;
using UniPT.Tuning;
using UniPT.Tuning.Full;

namespace UniPT.Training.Retrieval;

/// <summary>
/// How much the loss depends on each weight of the backbones: the squared gradients of full fine-tuning, before its first
/// step, summed over training batches (the empirical Fisher information).
/// </summary>
internal static class FisherInformation
{
    /// <summary>Lets the methods start from it that ask for it.</summary>
    internal static void Start(Recipe recipe, RetrievalModel model, RetrievalData data, ImageCaptionSplit train)
    {
        int batches = Math.Max(Batches(model.Image.Tuned), Batches(model.Text.Tuned));
        if (batches == 0)
        {
            return;
        }

        Recipe full = recipe with { Precision = Precision.Float32, Method = new MethodChoice("full", new FullOptions()), Train = recipe.Train with { Cache = false } };
        (RetrievalModel built, RetrievalObjective objective) = RetrievalModelBuilder.Build(full);
        using RetrievalModel plain = built;
        using var task = new RetrievalTask(full, plain, objective, data, train, train, cacheFolder: "", saveAdapter: _ => { });
        using DisposeScope scope = torch.NewDisposeScope();
        (TunedBackbone Of, Dictionary<string, Tensor> Sums)[] towers =
            [(model.Image.Tuned, Zeros(plain.Image.Tuned)), (model.Text.Tuned, Zeros(plain.Text.Tuned))];
        for (int step = 0; step < batches; step++)
        {
            (int epoch, int stepInEpoch) = Math.DivRem(step, task.StepsPerEpoch);
            Backward(task, epoch, stepInEpoch);
            Add(plain.Image.Tuned, towers[0].Sums);
            Add(plain.Text.Tuned, towers[1].Sums);
        }

        foreach ((TunedBackbone of, Dictionary<string, Tensor> sums) in towers.Where(tower => Batches(tower.Of) > 0))
        {
            ((IStartsFromFisher)of).StartFrom(sums);
        }
    }

    private static int Batches(TunedBackbone tuned) => (tuned as IStartsFromFisher)?.FisherBatches ?? 0;

    private static Dictionary<string, Tensor> Zeros(TunedBackbone tuned) =>
        tuned.Backbone.Store.Trainable.ToDictionary(pair => pair.Key, pair => pair.Value.detach().zeros_like(), StringComparer.Ordinal);

    private static void Backward(RetrievalTask task, int epoch, int stepInEpoch)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable prepared = task.Prepare(epoch, stepInEpoch);
        task.Loss(prepared, epoch, stepInEpoch).Backward();
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
