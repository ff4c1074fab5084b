using UniPT.Torch;

namespace UniPT.Tuning.UniPT.Gates;

/// <summary>The published gate: a linear map of the product of both means, which all layers share.</summary>
internal sealed class ConfidenceGate : LayerGate
{
    private readonly Linear _linear;

    /// <summary>Takes the linear map to one number.</summary>
    public ConfidenceGate(Weights weights, long width)
    {
        _linear = new Linear(weights, width, 1);
        Parameters = weights.Parameters;
    }

    /// <summary>Weight and bias.</summary>
    public override IReadOnlyList<Tensor> Parameters { get; }

    /// <inheritdoc/>
    public override Tensor Scores(int first, Tensor anchorMean, Tensor targetMeans) => _linear.forward(anchorMean * targetMeans);
}
