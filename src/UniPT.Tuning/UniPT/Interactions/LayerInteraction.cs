using UniPT.Torch;

namespace UniPT.Tuning.UniPT.Interactions;

/// <summary>What the anchor's tokens gather from a target, and a residual of the target.</summary>
internal abstract class LayerInteraction(MergeResidual residual)
{
    /// <summary>What trains; all layers share it.</summary>
    public virtual IReadOnlyList<Tensor> Parameters => [];

    /// <summary>What is added to what is gathered.</summary>
    protected MergeResidual Residual => residual;

    /// <summary>The interaction that the options choose.</summary>
    /// <param name="options">Every option chosen.</param>
    /// <param name="weights">Where its parameters stand.</param>
    /// <param name="width">Channels of anchor and targets.</param>
    public static LayerInteraction Of(UniPTOptions options, Weights weights, long width) => options.Interaction switch
    {
        Interaction.Attention => new MultiHeadInteraction(weights, width, options.Heads!.Value, options.Residual!.Value),
        Interaction.None => new NoInteraction(options.Residual!.Value),
        _ => new ParallelInteraction(RowNormalization.Of(options), options.Residual!.Value),
    };

    /// <summary>The target's features as the anchor's tokens see them, <c>[B, Q, m]</c>.</summary>
    /// <param name="anchor">The anchor's features <c>[B, Q, m]</c>.</param>
    /// <param name="target">The target's <c>[B, N, m]</c>.</param>
    /// <param name="masks">Which of its tokens count.</param>
    public abstract Tensor Forward(Tensor anchor, Tensor target, TokenMasks masks);

    /// <summary>What of a target is added, <c>[B, Q, m]</c>; null for nothing.</summary>
    protected Tensor? Added(Tensor target, TokenMasks masks) => Residual switch
    {
        MergeResidual.Identity => target,
        MergeResidual.None => null,
        _ => masks.Summary!.bmm(target),
    };

    /// <summary>The sum of the features of several targets, each times what it counts, <c>[B, Q, m]</c>.</summary>
    /// <param name="anchor">The anchor's features <c>[B, Q, m]</c>.</param>
    /// <param name="targets">The targets', <c>[B, N, m]</c> each.</param>
    /// <param name="confidence">What each counts, <c>[B, 1 or Q, L]</c>.</param>
    /// <param name="masks">Which of their tokens count.</param>
    /// <param name="keeps">Whether something that backward could use is kept.</param>
    /// <returns>The sum, and what <see cref="Fit"/> takes; null where there is nothing or it is not kept.</returns>
    public virtual (Tensor Sum, Tensor? Kept) Weighted(
        Tensor anchor, IReadOnlyList<Tensor> targets, Tensor confidence, TokenMasks masks, bool keeps)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor sum = anchor.zeros_like();
        for (int i = 0; i < targets.Count; i++)
        {
            using DisposeScope step = torch.NewDisposeScope();
            sum.addcmul_(Forward(anchor, targets[i], masks), confidence.narrow(2, i, 1), Scalars.Of(1));
        }

        return (scope.MoveToOuter(sum), null);
    }

    /// <summary>
    /// The products of what <see cref="Forward"/> gives for each target with a gradient <c>[B, Q, m]</c>, a constant, summed over
    /// channels: <c>[B, Q, L]</c>. <paramref name="kept"/> is what <see cref="Weighted"/> kept of the same.
    /// </summary>
    public virtual Tensor Fit(Tensor anchor, IReadOnlyList<Tensor> targets, TokenMasks masks, Tensor gradient, Tensor? kept = null)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(torch.cat([.. targets.Select(target => (Forward(anchor, target, masks) * gradient).sum(-1, true))], -1));
    }
}
