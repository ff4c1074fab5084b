namespace UniPT.Tuning.UniPT.Merging;

/// <summary>One merged layer: what it gives and how much that counts, and its part of the backward pass.</summary>
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
    /// The score, and the products of the features with their gradient <c>[B, Q, m]</c> summed over channels, <c>[B, Q, 1]</c>:
    /// all that backward needs of the features.
    /// </summary>
    public virtual (Tensor Score, Tensor Fit) Fit(Tensor projected, Tensor anchor, TokenMasks masks, Tensor gradient)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Tensor score, Tensor features) = Merge(projected, anchor, masks);
        return (scope.MoveToOuter(score), scope.MoveToOuter((features * gradient).sum(-1, true)));
    }
}
