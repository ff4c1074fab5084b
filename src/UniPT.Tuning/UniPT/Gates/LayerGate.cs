using UniPT.Torch;

namespace UniPT.Tuning.UniPT.Gates;

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
