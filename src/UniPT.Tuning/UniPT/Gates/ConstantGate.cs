using UniPT.Torch;

namespace UniPT.Tuning.UniPT.Gates;

/// <summary>One trained number a layer, the same for all examples.</summary>
internal sealed class ConstantGate(Weights weights, int layers) : LayerGate
{
    private readonly Tensor _constants = weights.Parameter("constants", Initializers.Zeros, layers);

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Parameters => [_constants];

    /// <inheritdoc/>
    public override Tensor Scores(int first, Tensor anchorMean, Tensor targetMeans) =>
        _constants.Narrow(0, first, targetMeans.Size(0)).View(-1, 1, 1, 1).Expand(-1, targetMeans.Size(1), targetMeans.Size(2), 1);
}
