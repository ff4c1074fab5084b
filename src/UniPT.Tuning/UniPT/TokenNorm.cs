using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning.UniPT;

/// <summary>The normalisation that goes with a layout.</summary>
internal static class TokenNorm
{
    /// <summary>Layer norm of tokens, batch norm of the cells of maps; both of <c>[B, N, width]</c>.</summary>
    public static Module Of(Weights weights, HiddenLayout layout, long width, UniPTOptions options) =>
        layout == HiddenLayout.Maps ? new CellNorm(weights, width, options) : new LayerNorm(weights, width, options.NormEpsilon);
}
