using UniPT.Torch;

namespace UniPT.Tuning.UniPT;

/// <summary>One merged layer: its projection, what it gives and how much that counts.</summary>
/// <param name="projection">Brings the layer to the network's width; null where it comes so.</param>
/// <param name="gate">Scores it.</param>
/// <param name="interaction">Lets it interact with the anchor.</param>
internal sealed class TargetLayer(LayerProjection? projection, ConfidenceGate gate, ParallelInteraction interaction)
{
    /// <summary>The parameters of the projection's linear map.</summary>
    public IReadOnlyList<Tensor> LinearParameters => projection?.LinearParameters ?? [];

    /// <summary>The parameters of its normalisation.</summary>
    public IReadOnlyList<Tensor> NormParameters => projection?.NormParameters ?? [];

    /// <summary>The projection's linear map alone.</summary>
    public Tensor Project(Tensor input) => projection?.Project(input) ?? input;

    /// <summary>The gradients of the linear map's parameters from that of its output.</summary>
    public Tensor[] ParameterGradients(Tensor input, Tensor gradient) => projection?.ParameterGradients(input, gradient) ?? [];

    /// <summary>The gradient of the layer from that of what its linear map gave.</summary>
    public Tensor InputGradient(Tensor input, Tensor gradient) => projection?.InputGradient(input, gradient) ?? gradient;

    /// <summary>The layer's score <c>[B, 1 or N, 1]</c> and features <c>[B, Q, m]</c>.</summary>
    /// <param name="projected">What the projection's linear map gave, <c>[B, N, m]</c>.</param>
    /// <param name="anchor">The anchor's features <c>[B, Q, m]</c>.</param>
    /// <param name="masks">Which tokens count.</param>
    public (Tensor Score, Tensor Features) Merge(Tensor projected, Tensor anchor, TokenMasks masks)
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor target = projection?.Normalise(projected) ?? projected;
        return (scope.HandOut(gate.Forward(anchor, target, masks)), scope.HandOut(interaction.Forward(anchor, target, masks)));
    }
}
