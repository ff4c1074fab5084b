using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning.UniPT;

/// <summary>
/// UniPT's parallel network in the published VSE∞ form: the last layer is the anchor, the others are targets; what
/// they give is merged and projected. Its weights carry the reference's state-dict names.
/// </summary>
internal sealed class ParallelNetwork
{
    private readonly LayerProjection _anchor;
    private readonly ConfidenceAggregation _aggregation;
    private readonly OutputProjection _output;

    /// <summary>Builds the network for layers of these widths.</summary>
    public ParallelNetwork(Weights weights, HiddenLayout layout, IReadOnlyList<int> widths, int output, UniPTOptions options, Standardization? standardization)
    {
        LayerProjection[] projections = [.. widths.Select((width, i) =>
            new LayerProjection(weights / "downsample_layers" / i, layout, width, options.Width, standardization?.Of(i)))];
        var gate = new ConfidenceGate(weights / "gate_layer", options.Width);
        var interaction = new ParallelInteraction(options.Epsilon);
        TargetLayer[] targets = [.. projections.SkipLast(1).Select(projection => new TargetLayer(projection, gate, interaction))];

        // The few cells of maps are cheap to project again; batch norm mixes the examples.
        bool maps = layout == HiddenLayout.Maps;
        _anchor = projections[^1];
        _aggregation = new ConfidenceAggregation(targets, gate, examplesMix: maps, keepProjected: !maps);
        _output = new OutputProjection(weights, layout, options.Width, output);
    }

    /// <summary>Makes the network give zeros until it is trained.</summary>
    public void Silence() => _output.Silence();

    /// <summary>Adapted features.</summary>
    /// <param name="layers">The layers' tokens or cells, <c>[B, N, C]</c> each, the anchor last.</param>
    /// <param name="mask">1 for valid and 0 for padding tokens <c>[B, N]</c>; null where all are valid.</param>
    /// <returns>Features <c>[B, N, output]</c> and the confidence <c>[B, L]</c>, which is not recorded.</returns>
    public (Tensor Tokens, Tensor Confidence) Forward(IReadOnlyList<Tensor> layers, Tensor? mask)
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor anchor = _anchor.Forward(layers[^1]);
        (Tensor merged, Tensor confidence) = _aggregation.Forward([.. layers.SkipLast(1)], anchor, mask);
        return (scope.HandOut(_output.Forward(anchor, merged)), scope.HandOut(confidence));
    }
}
