using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.UniPT.Interactions;

namespace UniPT.Tuning.UniPT;

/// <summary>
/// Lets a decoder's layer read the encoder's side features: it gathers from them as in the parallel interaction, but without
/// residual, and adds a projection of that.
/// </summary>
internal sealed class MemoryCrossing(Weights weights, long width, UniPTOptions options)
{
    private readonly ParallelInteraction _interaction = new(RowNormalization.Of(options), MergeResidual.None);
    private readonly LayerProjection _projection = new(weights, HiddenLayout.Tokens, width, width, options with { LayerMap = LayerMap.LinearNorm });

    /// <summary><c>[B, Q, m] → [B, Q, m]</c>.</summary>
    /// <param name="target">The decoder layer's projected features <c>[B, Q, m]</c>.</param>
    /// <param name="memory">The encoder's side features <c>[B, S, m]</c>.</param>
    /// <param name="masks">Which tokens of the memory count.</param>
    public Tensor Forward(Tensor target, Tensor memory, TokenMasks masks)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(target.Add(_projection.forward(_interaction.Forward(target, memory, masks))));
    }
}
