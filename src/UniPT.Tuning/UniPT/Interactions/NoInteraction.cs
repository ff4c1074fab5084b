
namespace UniPT.Tuning.UniPT.Interactions;

/// <summary>The residual alone, whatever the anchor.</summary>
internal sealed class NoInteraction(MergeResidual residual) : LayerInteraction(residual)
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor anchor, Tensor target, TokenMasks masks) => Added(target, masks)!;
}
