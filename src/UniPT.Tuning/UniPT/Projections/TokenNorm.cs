using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning.UniPT.Projections;

/// <summary>The normalisation that goes with a layout.</summary>
internal static class TokenNorm
{
    /// <summary>Layer norm of tokens, batch norm of the cells of maps; both of <c>[B, N, width]</c>.</summary>
    public static Module Of(Weights weights, HiddenLayout layout, long width, UniPTOptions options) =>
        layout == HiddenLayout.Maps ? new CellNorm(weights, width, options) : new LayerNorm(weights, width, options.NormEpsilon);
}

/// <summary>Batch normalisation of the cells of maps, <c>[B, N, C]</c>: every channel over all cells of the batch.</summary>
internal sealed class CellNorm(Weights weights, long channels, UniPTOptions options) : Module(weights)
{
    private readonly BatchNorm _norm = new(weights, channels, options.NormEpsilon, options.NormMomentum);

    /// <summary>
    /// Each channel's cells are put side by side, as in the reference: libtorch then adds them up in 64 bits, but in 32 bits one
    /// after the other where the channels stand side by side, which costs a digit of the gradients on one thread.
    /// </summary>
    protected override Tensor Compute(Tensor input) => _norm.forward(input.transpose(1, 2).contiguous()).transpose(1, 2);
}
