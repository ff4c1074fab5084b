using UniPT.Torch;

namespace UniPT.Tuning.UniPT.Merging;

/// <summary>How much a merged layer counts for one example, before the softmax over layers; causal: for one token.</summary>
internal abstract class LayerGate
{
    /// <summary>What trains; layers may share it.</summary>
    public virtual IReadOnlyList<Tensor> Parameters => [];

    /// <summary>The gate that the options choose.</summary>
    /// <param name="options">Every option chosen.</param>
    /// <param name="weights">Where its parameters stand.</param>
    /// <param name="width">Channels of anchor and targets.</param>
    /// <param name="layers">How many layers are merged.</param>
    public static LayerGate Of(UniPTOptions options, Weights weights, long width, int layers) => options.Aggregation switch
    {
        Aggregation.Confidence => new ConfidenceGate(weights, width),
        Aggregation.Task => new TaskGate(weights, width),
        Aggregation.Similarity => new SimilarityGate(),
        Aggregation.Learned => new ConstantGate(weights, layers),
        _ => new EqualGate(),
    };

    /// <summary>The scores of some layers, <c>[B, 1 or N, L]</c>.</summary>
    /// <param name="first">The first one's index among the merged layers.</param>
    /// <param name="anchor">The anchor's features <c>[B, Q, m]</c>.</param>
    /// <param name="targets">The targets', <c>[B, N, m]</c> each.</param>
    /// <param name="masks">What each token counts.</param>
    public Tensor Scores(int first, Tensor anchor, IReadOnlyList<Tensor> targets, TokenMasks masks)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor anchorMean = Mean(anchor, anchor.size(1) == targets[0].size(1) ? masks.Shares : null);
        Tensor targetMeans = torch.stack([.. targets.Select(target => Mean(target, masks.Shares))]);
        return scope.MoveToOuter(Scores(first, anchorMean, targetMeans).squeeze(-1).permute(1, 2, 0));
    }

    /// <summary>The scores from means, <c>[L, B, 1 or N, 1]</c>.</summary>
    /// <param name="first">The first layer's index among the merged ones.</param>
    /// <param name="anchorMean">The anchor's <c>[B, 1 or N, m]</c>.</param>
    /// <param name="targetMeans">The targets' <c>[L, B, 1 or N, m]</c>.</param>
    public abstract Tensor Scores(int first, Tensor anchorMean, Tensor targetMeans);

    private static Tensor Mean(Tensor tokens, Tensor? shares) => shares is null ? tokens.mean([1], true) : shares.bmm(tokens);
}

/// <summary>The published gate: a linear map of the product of both means, which all layers share.</summary>
internal sealed class ConfidenceGate : LayerGate
{
    private readonly Linear _linear;

    /// <summary>Takes the linear map to one number.</summary>
    public ConfidenceGate(Weights weights, long width)
    {
        _linear = new Linear(weights, width, 1);
        Parameters = weights.Parameters;
    }

    /// <summary>Weight and bias.</summary>
    public override IReadOnlyList<Tensor> Parameters { get; }

    /// <inheritdoc/>
    public override Tensor Scores(int first, Tensor anchorMean, Tensor targetMeans) => _linear.forward(anchorMean * targetMeans);
}

/// <summary>The published gate with a vector of the task added to the anchor's mean, so that a layer may count whatever the example.</summary>
internal sealed class TaskGate : LayerGate
{
    private readonly Tensor _task;
    private readonly ConfidenceGate _gate;

    /// <summary>Takes <c>task [width]</c>, which starts at 0, and the linear map to one number.</summary>
    public TaskGate(Weights weights, long width)
    {
        _task = weights.Parameter("task", Initializers.Zeros, width);
        _gate = new ConfidenceGate(weights, width);
        Parameters = weights.Parameters;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Parameters { get; }

    /// <inheritdoc/>
    public override Tensor Scores(int first, Tensor anchorMean, Tensor targetMeans) => _gate.Scores(first, anchorMean.Add(_task), targetMeans);
}

/// <summary>The cosine of both means: a gate without parameters.</summary>
internal sealed class SimilarityGate : LayerGate
{
    private const double Smallest = 1e-8;

    /// <inheritdoc/>
    public override Tensor Scores(int first, Tensor anchorMean, Tensor targetMeans)
    {
        Tensor lengths = anchorMean.norm(-1, true) * targetMeans.norm(-1, true);
        return (anchorMean * targetMeans).sum(-1, true) / lengths.clamp_min(Scalars.Of(Smallest));
    }
}

/// <summary>One trained number a layer, the same for all examples.</summary>
internal sealed class ConstantGate(Weights weights, int layers) : LayerGate
{
    private readonly Tensor _constants = weights.Parameter("constants", Initializers.Zeros, layers);

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Parameters => [_constants];

    /// <inheritdoc/>
    public override Tensor Scores(int first, Tensor anchorMean, Tensor targetMeans) =>
        _constants.narrow(0, first, targetMeans.size(0)).view(-1, 1, 1, 1).expand(-1, targetMeans.size(1), targetMeans.size(2), 1);
}

/// <summary>No layer counts more than another.</summary>
internal sealed class EqualGate : LayerGate
{
    /// <inheritdoc/>
    public override Tensor Scores(int first, Tensor anchorMean, Tensor targetMeans) => targetMeans.detach().narrow(-1, 0, 1).zeros_like();
}
