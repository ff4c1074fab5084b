using UniPT.Torch;

namespace UniPT.Tuning.UniPT.Interactions;

/// <summary>
/// How the anchor's tokens gather from those of targets. A target i gives features M_i <c>[B, Q, m]</c> (what is gathered, and a residual of the
/// target); what is computed is the sum of them, each times its share.
/// </summary>
internal abstract class LayerInteraction
{
    /// <summary>What trains; all layers share it.</summary>
    public virtual IReadOnlyList<Tensor> Parameters => [];

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

    /// <summary><c>Σ c_i·M_i</c>, <c>[B, Q, m]</c>; called while nothing is recorded.</summary>
    /// <param name="anchor">The anchor's features <c>[B, Q, m]</c>.</param>
    /// <param name="targets">The targets', <c>[B, N, m]</c> each.</param>
    /// <param name="shares">What each target counts, c: <c>[B, 1 or Q, L]</c>.</param>
    /// <param name="masks">Which of their tokens count.</param>
    /// <param name="keeps">Whether something is kept that backward could use.</param>
    /// <returns>The sum, and what <see cref="Backward"/> takes as kept; null where there is nothing or it is not kept.</returns>
    public abstract (Tensor Sum, Tensor? Kept) Forward(Tensor anchor, IReadOnlyList<Tensor> targets, Tensor shares, TokenMasks masks, bool keeps = false);

    /// <summary>The gradients of all that <see cref="Forward"/> was given, which is given again.</summary>
    /// <param name="anchor">The anchor's features <c>[B, Q, m]</c>.</param>
    /// <param name="targets">The targets', <c>[B, N, m]</c> each.</param>
    /// <param name="shares">What each target counts, <c>[B, 1 or Q, L]</c>.</param>
    /// <param name="masks">Which of their tokens count.</param>
    /// <param name="gradient">The gradient of the sum, <c>[B, Q, m]</c>.</param>
    /// <param name="kept">What forward kept; null where it is computed again.</param>
    public abstract InteractionGradients Backward(
        Tensor anchor, IReadOnlyList<Tensor> targets, Tensor shares, TokenMasks masks, Tensor gradient, Tensor? kept = null);

    /// <summary>The features M of one target, <c>[B, Q, m]</c>; called while nothing is recorded.</summary>
    public Tensor Features(Tensor anchor, Tensor target, TokenMasks masks)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(Forward(anchor, [target], One(anchor), masks).Sum);
    }

    /// <summary>
    /// Puts <see cref="Backward"/> into autograd's graph for a backward pass that runs parts of the forward again: the sum is not needed a
    /// second time, and its gradient is known already.
    /// </summary>
    /// <returns>A number without a meaning of its own. Going backward from it with a gradient of 1 does what going backward from the sum would do.</returns>
    public Tensor RecordBackward(Tensor anchor, IReadOnlyList<Tensor> targets, Tensor shares, TokenMasks masks, Tensor gradient, Tensor? kept = null)
    {
        Tensor start = torch.zeros(1, dtype: anchor.dtype, device: anchor.device);
        CustomBackward.Attach(
            [anchor, .. targets, shares, .. Parameters],
            [start],
            (_, _) =>
            {
                InteractionGradients found = Backward(anchor, targets, shares, masks, gradient, kept);
                return [found.Anchor, .. found.Targets, found.Shares, .. found.Parameters];
            });
        return start;
    }

    /// <summary>
    /// The mean of the features of some targets, <c>[B, Q, m]</c>, as a node of autograd's graph: it keeps no more than what it was given,
    /// and computes the rest again.
    /// </summary>
    public Tensor RecordedMean(Tensor anchor, IReadOnlyList<Tensor> targets, TokenMasks masks)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor shares = (One(anchor) / Scalars.Of(targets.Count)).expand(1, 1, targets.Count);
        Tensor mean;
        using (torch.no_grad())
        {
            mean = Forward(anchor, targets, shares, masks).Sum;
        }

        if (torch.is_grad_enabled())
        {
            CustomBackward.Attach(
                [anchor, .. targets, .. Parameters],
                [mean],
                (arrived, kept) =>
                {
                    var tensors = new Queue<Tensor>(kept);
                    TokenMasks keptMasks = masks.In(tensors);
                    (Tensor keptShares, Tensor keptAnchor) = (tensors.Dequeue(), tensors.Dequeue());
                    InteractionGradients found = Backward(keptAnchor, [.. tensors], keptShares, keptMasks, arrived[0]!);
                    return [found.Anchor, .. found.Targets, .. found.Parameters];
                },
                [.. masks.All, shares, anchor.detach(), .. targets.Select(target => target.detach())]);
        }

        return scope.MoveToOuter(mean);
    }

    /// <summary>The share of a target that is alone, for every example.</summary>
    protected static Tensor One(Tensor like) => torch.ones(1, 1, 1, dtype: like.dtype, device: like.device);
}

/// <summary>The gradients of an interaction.</summary>
/// <param name="Anchor"><c>[B, Q, m]</c>.</param>
/// <param name="Targets"><c>[B, N, m]</c> each.</param>
/// <param name="Shares">In the shape of the shares: for each target the product of its features with the gradient of the sum.</param>
/// <param name="Parameters">Of <see cref="LayerInteraction.Parameters"/>; null for those that were not used.</param>
internal sealed record InteractionGradients(Tensor Anchor, IReadOnlyList<Tensor> Targets, Tensor Shares, IReadOnlyList<Tensor?> Parameters);
