using UniPT.Torch;

namespace UniPT.Tuning.UniPT.Merging;

/// <summary>One merged layer of <see cref="LayerwiseAggregation"/>: what it gives and how much that counts, and its part of the backward pass.</summary>
internal abstract class TargetLayer
{
    /// <summary>The parameters of the expensive part that <see cref="Project"/> computes.</summary>
    public abstract IReadOnlyList<Tensor> LinearParameters { get; }

    /// <summary>The layer's other parameters.</summary>
    public abstract IReadOnlyList<Tensor> MergeParameters { get; }

    /// <summary>The expensive part alone: the layer's tokens to what is merged.</summary>
    public abstract Tensor Project(Tensor input);

    /// <summary>The gradients of <see cref="LinearParameters"/> from that of what <see cref="Project"/> gave.</summary>
    public abstract Tensor[] ParameterGradients(Tensor input, Tensor gradient);

    /// <summary>The gradient of the layer from that of what <see cref="Project"/> gave.</summary>
    public abstract Tensor InputGradient(Tensor input, Tensor gradient);

    /// <summary>The layer's score <c>[B, 1 or N, 1]</c> and features <c>[B, Q, m]</c>.</summary>
    /// <param name="projected">What <see cref="Project"/> gave.</param>
    /// <param name="anchor">The anchor's features <c>[B, Q, m]</c>.</param>
    /// <param name="masks">Which tokens count.</param>
    public abstract (Tensor Score, Tensor Features) Merge(Tensor projected, Tensor anchor, TokenMasks masks);

    /// <summary>
    /// Runs <see cref="Merge"/> again for backward, recorded, as far as its gradients need: going backward from the number that is returned with a gradient of 1
    /// gives what the weighted sum passes on to this layer.
    /// </summary>
    /// <param name="projected">What <see cref="Project"/> gave.</param>
    /// <param name="anchor">The anchor's features <c>[B, Q, m]</c>.</param>
    /// <param name="masks">Which tokens count.</param>
    /// <param name="sum">What arrived at the weighted sum.</param>
    public abstract Tensor RecordMerge(Tensor projected, Tensor anchor, TokenMasks masks, SumGradient sum);
}

/// <summary>What arrives in backward at a weighted sum <c>Σ c_i·M_i</c>, whose shares c are a softmax of scores, as one layer sees it.</summary>
/// <param name="Gradient">The gradient of the sum, <c>[B, Q, m]</c>.</param>
/// <param name="Share">What the layer counts, c_i: <c>[B, 1 or N, 1]</c>.</param>
/// <param name="Products">The products of the sum itself with its gradient, in the shape of the share.</param>
internal readonly record struct SumGradient(Tensor Gradient, Tensor Share, Tensor Products)
{
    /// <summary>
    /// The layer's share, recorded as a function of its score. A softmax needs the scores of all layers for that; here what the
    /// others contribute is known from the sum: the score's gradient is <c>c_i·(M_i·G − (Σ c_j·M_j)·G)</c>.
    /// </summary>
    public Tensor ShareOf(Tensor score)
    {
        (Tensor share, Tensor products) = (Share, Products);
        Tensor recorded = share.clone();
        CustomBackward.Attach([score], [recorded], (arrived, _) => [share * (arrived[0]! - products)]);
        return recorded;
    }

    /// <summary>The products of features with a gradient, both <c>[B, Q, m]</c>: one for each example, or for each token that has a score.</summary>
    public static Tensor ProductsOf(Tensor features, Tensor gradient, TokenMasks masks)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor products = (features * gradient).sum(-1, true);
        return scope.MoveToOuter(masks.Scores == 1 ? products.sum(1, true) : products);
    }
}
