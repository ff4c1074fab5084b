using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning.UniPT;

/// <summary>From what was merged to the adapted features: <c>up(relu(anchor + projection(merged)))</c>.</summary>
internal sealed class OutputProjection
{
    private readonly Weights _upWeights;
    private readonly LayerProjection _projection;
    private readonly TokenLinear _up;

    /// <summary>Takes <c>projection_layer</c> and <c>upsample_layer</c>.</summary>
    public OutputProjection(Weights weights, HiddenLayout layout, long width, long output)
    {
        _upWeights = weights / "upsample_layer";
        _projection = new LayerProjection(weights / "projection_layer", layout, width, width);
        _up = new TokenLinear(weights / "upsample_layer" / 1, layout, width, output);
    }

    /// <summary>Makes the output zero until it is trained.</summary>
    public void Silence() => _upWeights.Fill(0);

    /// <summary><c>[B, N, m]</c> twice to <c>[B, N, output]</c>.</summary>
    public Tensor Forward(Tensor anchor, Tensor merged)
    {
        using TensorScope scope = TensorScope.Begin();
        return scope.HandOut(_up.Forward((anchor + _projection.Forward(merged)).Relu()));
    }
}
