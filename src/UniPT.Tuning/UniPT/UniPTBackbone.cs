using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.Direct;
using UniPT.Tuning.UniPT.Cells;
using UniPT.Tuning.UniPT.Forms;

namespace UniPT.Tuning.UniPT;

/// <summary>A frozen backbone with UniPT's parallel network beside it.</summary>
internal sealed class UniPTBackbone : TunedBackbone
{
    private readonly MapCells? _cells;
    private readonly ParallelNetwork _network;
    private readonly NetworkForm _form;

    public UniPTBackbone(Backbone backbone, Weights weights, int output, UniPTOptions options) : base(backbone, weights)
    {
        bool maps = backbone.Layout == HiddenLayout.Maps;
        NetworkForm form = options.Network;

        // Among pixels no token stands at the same place as a cell.
        _form = maps && form.PreInteraction == PreInteraction.None ? form with { Residual = MergeResidual.None } : form;
        Output = output;
        MergedLayers = _form.Anchor == AnchorSource.LastLayer ? [.. backbone.LayerNames.SkipLast(1)] : backbone.LayerNames;
        Standardization = options.Direct.Enabled || options.StandardiseInputs ? new Standardization(weights / "standardization", backbone.Widths) : null;
        Standardization? inputs = options.StandardiseInputs ? Standardization : null;

        // Maps are standardised where they become cells.
        _cells = maps ? new MapCells(weights, backbone.Widths, _form, inputs) : null;
        _network = new ParallelNetwork(
            weights, backbone.Layout, backbone.Widths, backbone.PooledWidth, options.WidthOf(backbone, output), output, _form, maps ? null : inputs);
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
        IReadOnlyList<Tensor> states = _form.Precision == Precision.Bfloat16 ? [.. hidden.Layers.Select(layer => layer.to(ScalarType.BFloat16))] : hidden.Layers;
        IReadOnlyList<Tensor> layers = _cells?.Forward(states) ?? states;
        (Tensor tokens, Tensor confidence) = _network.Forward(
            layers, hidden.Pooled?.to(ScalarType.Float32), TokenMasks.Of(_form, layers[0], hidden.Mask(), hidden.Lengths));
        return new TunedFeatures(tokens, _form.Anchor == AnchorSource.Pooled ? null : hidden.Lengths, confidence, Direct?.Forward(hidden));
    }
}
