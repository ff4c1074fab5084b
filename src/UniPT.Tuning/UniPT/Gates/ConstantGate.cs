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
        _constants.narrow(0, first, targetMeans.size(0)).view(-1, 1, 1, 1).expand(-1, targetMeans.size(1), targetMeans.size(2), 1);
}
