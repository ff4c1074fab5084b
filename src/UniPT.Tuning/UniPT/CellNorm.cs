using UniPT.Torch;

namespace UniPT.Tuning.UniPT;

/// <summary>Batch normalisation of the cells of maps, <c>[B, N, C]</c>: every channel over all cells of the batch.</summary>
internal sealed class CellNorm(Weights weights, long channels) : Module(weights)
{
    private readonly BatchNorm _norm = new(weights, channels);

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) => _norm.forward(input.flatten(0, 1)).view(input.shape);
}
