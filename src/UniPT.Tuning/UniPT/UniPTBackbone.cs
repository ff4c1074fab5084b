using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.Direct;

namespace UniPT.Tuning.UniPT;

/// <summary>A frozen backbone with UniPT's parallel network beside it.</summary>
internal sealed class UniPTBackbone : TunedBackbone
{
    private readonly MapCells? _cells;
    private readonly ParallelNetwork _network;

    public UniPTBackbone(Backbone backbone, Weights weights, int output, UniPTOptions options) : base(backbone, weights.Store)
    {
        Output = output;
        MergedLayers = [.. backbone.LayerNames.SkipLast(1)];
        _cells = backbone.Layout == HiddenLayout.Maps ? new MapCells(weights, backbone.Widths, options.Epsilon) : null;
        _network = new ParallelNetwork(weights, backbone.Layout, backbone.Widths, output, options);
        Direct = options.Direct.Enabled ? new DirectPath(weights / "direct", backbone.Widths, output, options.Direct) : null;
    }

    /// <inheritdoc/>
    public override int Output { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> MergedLayers { get; }

    /// <inheritdoc/>
    public override DirectPath? Direct { get; }

    /// <inheritdoc/>
    public override void Silence() => _network.Silence();

    /// <inheritdoc/>
    protected override TunedFeatures Compute(HiddenStates hidden)
    {
        IReadOnlyList<Tensor> layers = _cells?.Forward(hidden.Layers) ?? hidden.Layers;
        (Tensor tokens, Tensor confidence) = _network.Forward(layers, hidden.Mask());
        return new TunedFeatures(tokens, hidden.Lengths, confidence, Direct?.Forward(hidden));
    }
}
