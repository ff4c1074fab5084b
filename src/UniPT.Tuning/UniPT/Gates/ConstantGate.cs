using UniPT.Torch;

namespace UniPT.Tuning.UniPT.Gates;

/// <summary>One trained number a layer, the same for all examples.</summary>
internal sealed class ConstantGate(Weights weights, int layers) : LayerGate
{
    private readonly Tensor _constants = weights.Parameter("constants", Initializers.Zeros, layers);

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Parameters => [_constants];

    /// <inheritdoc/>
    public override Tensor Score(int layer, Tensor anchorMean, Tensor targetMean) =>
        _constants.Narrow(0, layer, 1).Expand(targetMean.Size(0), targetMean.Size(1), 1);
}
