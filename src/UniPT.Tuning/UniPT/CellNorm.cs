using UniPT.Torch;

namespace UniPT.Tuning.UniPT;

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
