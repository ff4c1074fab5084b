using UniPT.Torch;

namespace UniPT.Tuning.UniPT;

/// <summary>One layer beside the anchor: its projection, what it gives and how much that counts.</summary>
internal sealed class TargetLayer(LayerProjection projection, ConfidenceGate gate, ParallelInteraction interaction)
{
    /// <summary>Brings the layer to the network's width.</summary>
    public LayerProjection Projection => projection;

    /// <summary>The layer's score <c>[B, 1]</c> and features <c>[B, N, m]</c>.</summary>
    /// <param name="projected">What the projection's linear map gave, <c>[B, N, m]</c>.</param>
    /// <param name="anchor">The anchor's features <c>[B, N, m]</c>.</param>
    /// <param name="mask">1 for valid and 0 for padding tokens <c>[B, N]</c>; null where all are valid.</param>
    public (Tensor Score, Tensor Features) Merge(Tensor projected, Tensor anchor, Tensor? mask)
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor target = projection.Norm.Forward(projected);
        return (scope.HandOut(gate.Forward(anchor, target, mask)), scope.HandOut(interaction.Forward(anchor, target, mask)));
    }
}
