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
        bool maps = backbone.Layout == HiddenLayout.Maps;
        Standardization = options.Direct.Enabled || options.StandardiseInputs ? new Standardization(weights / "standardization", backbone.Widths) : null;
        Standardization? inputs = options.StandardiseInputs ? Standardization : null;

        // Maps are standardised where they become cells.
        _cells = maps ? new MapCells(weights, backbone.Widths, options.Epsilon, inputs) : null;
        _network = new ParallelNetwork(weights, backbone.Layout, backbone.Widths, output, options, maps ? null : inputs);
        Direct = options.Direct.Enabled ? new DirectPath(weights / "direct", Standardization!, backbone.Widths.Sum(), output, options.Direct) : null;
    }

    /// <inheritdoc/>
    public override int Output { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> MergedLayers { get; }

    /// <inheritdoc/>
    public override Standardization? Standardization { get; }

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
