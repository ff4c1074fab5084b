using UniPT.Torch;

namespace UniPT.Tuning.UniPT.Interactions;

/// <summary>
/// Lets each target gather from the targets before and after it, as the anchor does from a target but without residual; the
/// mean of both is added to it.
/// </summary>
internal sealed class NeighbourInteraction(UniPTOptions options, Weights weights, long width)
{
    private readonly LayerInteraction _interaction = LayerInteraction.Of(options with { Residual = MergeResidual.None }, weights, width);

    /// <summary>The targets, <c>[B, N, m]</c> each, with what they gathered.</summary>
    /// <param name="targets">At least two.</param>
    /// <param name="masks">Which tokens count.</param>
    public IReadOnlyList<Tensor> Forward(IReadOnlyList<Tensor> targets, TokenMasks masks) => [.. targets.Select((target, i) =>
        target.Add(_interaction.RecordedMean(target, [.. targets.Where((_, j) => Math.Abs(j - i) == 1)], masks)))];
}
