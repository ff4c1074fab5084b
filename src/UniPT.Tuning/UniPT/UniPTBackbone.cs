using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.Direct;
using UniPT.Tuning.UniPT.Cells;

namespace UniPT.Tuning.UniPT;

/// <summary>A frozen backbone with UniPT's parallel network beside it.</summary>
internal sealed class UniPTBackbone : TunedBackbone, IStandardizing, IHasDirectPath
{
    private readonly MapCells? _cells;
    private readonly ParallelNetwork _network;
    private readonly UniPTOptions _options;

    /// <summary>Takes the weights of the network and of what the options add to it.</summary>
    /// <param name="stream">What it stands beside.</param>
    /// <param name="weights">Where the weights stand.</param>
    /// <param name="output">Width of the adapted features.</param>
    /// <param name="chosen">What was chosen.</param>
    public UniPTBackbone(BackboneStream stream, Weights weights, int output, UniPTOptions chosen) : base(stream, weights)
    {
        bool maps = stream.Layout == HiddenLayout.Maps;
        UniPTOptions options = chosen.Resolved;

        // Among pixels no token stands at the same place as a cell.
        _options = maps && options.PreInteraction == PreInteraction.None ? options with { Residual = MergeResidual.None } : options;
        Output = output;
        MergedLayers = _options.Anchor == AnchorSource.LastLayer ? [.. stream.LayerNames.SkipLast(1)] : stream.LayerNames;
        Standardization = options.Direct.Enabled || options.StandardiseInputs ? new Standardization(weights / "standardization", stream.Widths) : null;
        Standardization? inputs = options.StandardiseInputs ? Standardization : null;

        // Maps are standardised where they become cells.
        _cells = maps ? new MapCells(weights, stream.Widths, _options, inputs) : null;
        _network = new ParallelNetwork(
            weights, stream.Layout, stream.Widths, stream.PooledWidth, options.WidthOf(stream, output), output, _options, maps ? null : inputs);
        Direct = options.Direct.Enabled ? new DirectPath(weights / "direct", Standardization!, stream.Widths.Sum(), output, options.Direct) : null;
    }

    /// <inheritdoc/>
    public override int Output { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> MergedLayers { get; }

    /// <inheritdoc/>
    public Standardization? Standardization { get; }

    /// <inheritdoc/>
    public DirectPath? Direct { get; }

    /// <inheritdoc/>
    public void Silence() => _network.Silence();

    /// <inheritdoc/>
    protected override TunedFeatures Compute(HiddenStates hidden)
    {
        if (_options.Anchor == AnchorSource.Pooled && hidden.Pooled is null)
        {
            throw new UserException($"This form of unipt adds to the pooled output of {Stream}, which it gives for inputs of one size only, and not for this one.");
        }

        IReadOnlyList<Tensor> layers = _cells?.Forward(hidden.Layers) ?? hidden.Layers;
        (Tensor tokens, Tensor confidence) = _network.Forward(
            layers, hidden.Pooled, TokenMasks.Of(_options, layers[0], hidden.Mask, hidden.Summary));
        return new TunedFeatures(tokens, _options.Anchor == AnchorSource.Pooled ? null : hidden.Mask, confidence, Direct?.Forward(hidden));
    }
}
