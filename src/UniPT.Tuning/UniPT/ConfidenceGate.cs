using UniPT.Torch;

namespace UniPT.Tuning.UniPT;

/// <summary>How much a layer counts for one example, before the softmax over layers.</summary>
internal sealed class ConfidenceGate
{
    private readonly Linear _linear;

    /// <summary>Takes the linear map to one number; all layers share it.</summary>
    public ConfidenceGate(Weights weights, long width)
    {
        _linear = new Linear(weights, width, 1);
        Parameters = weights.Parameters;
    }

    /// <summary>Weight and bias.</summary>
    public IReadOnlyList<Tensor> Parameters { get; }

    /// <summary>The layer's score <c>[B, 1]</c>: of the product of the anchor's mean and the target's.</summary>
    /// <param name="anchor">The anchor's features <c>[B, N, m]</c>.</param>
    /// <param name="target">The target's <c>[B, N, m]</c>.</param>
    /// <param name="mask">1 for valid and 0 for padding tokens <c>[B, N]</c>; null where all are valid.</param>
    public Tensor Forward(Tensor anchor, Tensor target, Tensor? mask)
    {
        using TensorScope scope = TensorScope.Begin();
        return scope.HandOut(_linear.Forward(TokenMean.Of(anchor, mask) * TokenMean.Of(target, mask)));
    }
}
