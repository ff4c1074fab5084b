using UniPT.Torch;
using UniPT.Tuning.UniPT.Forms;

namespace UniPT.Tuning.UniPT;

/// <summary>Batch normalisation of the cells of maps, <c>[B, N, C]</c>: every channel over all cells of the batch.</summary>
internal sealed class CellNorm(Weights weights, long channels, NetworkForm form) : Module(weights)
{
    private readonly BatchNorm _norm = new(weights, channels, form.NormEpsilon, form.NormMomentum);

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) => _norm.forward(input.flatten(0, 1)).view(input.shape);
}
