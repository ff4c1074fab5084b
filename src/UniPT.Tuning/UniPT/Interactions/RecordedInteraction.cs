using UniPT.Torch;
using UniPT.Tuning.UniPT.Merging;

namespace UniPT.Tuning.UniPT.Interactions;

/// <summary>An interaction without a backward of its own: it runs again, one target after the other, and autograd records it.</summary>
internal abstract class RecordedInteraction : LayerInteraction
{
    /// <inheritdoc/>
    public sealed override (Tensor Sum, Tensor? Kept) Forward(Tensor anchor, IReadOnlyList<Tensor> targets, Tensor shares, TokenMasks masks, bool keeps)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor sum = anchor.zeros_like();
        for (int i = 0; i < targets.Count; i++)
        {
            using DisposeScope step = torch.NewDisposeScope();
            sum.addcmul_(Compute(anchor, targets[i], masks), shares.narrow(2, i, 1), Scalars.Of(1));
        }

        return (scope.MoveToOuter(sum), null);
    }

    /// <inheritdoc/>
    public sealed override InteractionGradients Backward(
        Tensor anchor, IReadOnlyList<Tensor> targets, Tensor shares, TokenMasks masks, Tensor gradient, Tensor? kept)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var shared = new Tensor?[1 + Parameters.Count];
        var ofTargets = new Tensor[targets.Count];
        var ofShares = new Tensor[targets.Count];
        for (int i = 0; i < targets.Count; i++)
        {
            using DisposeScope step = torch.NewDisposeScope();
            Tensor?[] found = Recomputation.Gradients(
                leaves => [Compute(leaves[2], leaves[1], masks) * leaves[0]],
                _ => [gradient],
                [(shares.narrow(2, i, 1), true), (targets[i], true), (anchor, true)],
                Parameters);
            (ofShares[i], ofTargets[i]) = (step.MoveToOuter(found[0]!), step.MoveToOuter(found[1]!));
            GradientSum.Add(shared, found.AsSpan(2), step);
        }

        return new InteractionGradients(
            scope.MoveToOuter(shared[0] ?? anchor.zeros_like()),
            scope.MoveAllToOuter(ofTargets),
            scope.MoveToOuter(torch.cat(ofShares, 2)),
            [.. shared.Skip(1).Select(parameter => parameter is null ? null : scope.MoveToOuter(parameter))]);
    }

    /// <summary>The features of one target, <c>[B, Q, m]</c>, recorded where its inputs are.</summary>
    /// <param name="anchor">The anchor's <c>[B, Q, m]</c>.</param>
    /// <param name="target">The target's <c>[B, N, m]</c>.</param>
    /// <param name="masks">Which of its tokens count.</param>
    protected abstract Tensor Compute(Tensor anchor, Tensor target, TokenMasks masks);
}

/// <summary>No interaction: the residual alone, whatever the anchor.</summary>
internal sealed class NoInteraction(MergeResidual residual) : RecordedInteraction
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor anchor, Tensor target, TokenMasks masks) => new Residual(residual, masks).Of(target)!;
}
