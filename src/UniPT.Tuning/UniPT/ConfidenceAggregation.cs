using UniPT.Torch;

namespace UniPT.Tuning.UniPT;

/// <summary>How much every layer counts for one example: a gate on its mean and the anchor's, softmax over layers.</summary>
internal sealed class ConfidenceAggregation
{
    private readonly Linear _gate;

    /// <summary>Takes <c>gate_layer</c>, shared by all layers.</summary>
    public ConfidenceAggregation(Weights weights, long width) => _gate = new Linear(weights / "gate_layer", width, 1);

    /// <summary>The weight of every layer, <c>[B, L]</c>.</summary>
    /// <param name="anchor">The anchor's features <c>[B, N, m]</c>.</param>
    /// <param name="targets">The targets' <c>[B, L, N, m]</c>.</param>
    /// <param name="mask">1 for valid and 0 for padding tokens <c>[B, N]</c>; null where all are valid.</param>
    public Tensor Forward(Tensor anchor, Tensor targets, Tensor? mask)
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor products = TokenMean.Of(anchor.Unsqueeze(1), mask) * TokenMean.Of(targets, mask);
        return scope.HandOut(_gate.Forward(products).Squeeze(-1).Softmax(-1));
    }
}
