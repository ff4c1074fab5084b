using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.UniPT.Interactions;
using UniPT.Tuning.UniPT.Merging;
using UniPT.Tuning.UniPT.Projections;

namespace UniPT.Tuning.UniPT.EncoderDecoder;

/// <summary>
/// The parallel network beside the decoder of an encoder–decoder: every merged layer first reads the encoder's side memory,
/// the anchor does not. Published for MDETR, and derived from that for T5, whose form is causal.
/// </summary>
internal sealed class SideDecoder
{
    private readonly UniPTOptions _options;
    private readonly LayerProjection[] _layers;
    private readonly MemoryCrossing[] _crossings;
    private readonly LayerMerging _merging;
    private readonly OutputProjection _output;

    /// <summary>
    /// Takes <c>downsample_layers</c>, the anchor's last, <c>crosser_layers</c>, one for every layer but the anchor,
    /// <c>gate_layer</c>, <c>projection_layer</c> and <c>upsample_layer</c>.
    /// </summary>
    public SideDecoder(Weights weights, IReadOnlyList<int> widths, int width, int output, UniPTOptions options)
    {
        _options = options;
        LayerProjection[] layers = [.. widths.Select((channels, i) =>
            new LayerProjection(weights / "downsample_layers" / i, HiddenLayout.Tokens, channels, width, options))];
        _layers = layers[..^1];
        _crossings = [.. _layers.Select((_, i) => new MemoryCrossing(weights / "crosser_layers" / i, width, options))];
        _merging = new LayerMerging(weights, HiddenLayout.Tokens, layers[^1], [.. _layers.Select(_ => (LayerProjection?)null)], width, widths[^1], options);
        _output = new OutputProjection(weights / "upsample_layer", HiddenLayout.Tokens, width, output, options);
    }

    /// <summary>Adapted features of every merged layer, for auxiliary losses, and the decoder's own last: <c>[B, Q, output]</c> each.</summary>
    /// <param name="layers">The decoder's layers <c>[B, Q, C]</c>, the anchor last.</param>
    /// <param name="memory">The encoder's side features <c>[B, S, m]</c>.</param>
    /// <param name="valid">1 for valid and 0 for padding tokens of the memory <c>[B, S]</c>; null where all are valid.</param>
    public IReadOnlyList<Tensor> Forward(IReadOnlyList<Tensor> layers, Tensor memory, Tensor? valid)
    {
        (Tensor features, IReadOnlyList<Tensor> auxiliary, _) = Adapt(layers, memory, valid, null, auxiliary: true);
        return [.. auxiliary, features];
    }

    /// <summary>
    /// The adapted features of the decoder's last layer, <c>[B, Q, output]</c>, those of the merged layers if asked for, and the confidence <c>[B, L]</c>, which is
    /// not recorded.
    /// </summary>
    /// <param name="layers">As above.</param>
    /// <param name="memory">As above.</param>
    /// <param name="valid">As above.</param>
    /// <param name="queries">1 for tokens of the decoder that count, 0 for others, <c>[B, Q]</c>; null where all count.</param>
    /// <param name="auxiliary">Whether those of the merged layers are asked for.</param>
    public (Tensor Features, IReadOnlyList<Tensor> Auxiliary, Tensor Confidence) Adapt(
        IReadOnlyList<Tensor> layers, Tensor memory, Tensor? valid, Tensor? queries, bool auxiliary)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (IReadOnlyList<Tensor> targets, Tensor features, Tensor confidence) = Merge(layers, memory, valid, queries);
        Tensor[] ofMerged = auxiliary ? [.. targets.Select(_output.forward)] : [];
        return (scope.MoveToOuter(_output.forward(features)), scope.MoveAllToOuter(ofMerged), scope.MoveToOuter(confidence));
    }

    private (IReadOnlyList<Tensor> Targets, Tensor Features, Tensor Confidence) Merge(
        IReadOnlyList<Tensor> layers, Tensor memory, Tensor? valid, Tensor? queries)
    {
        TokenMasks keys = TokenMasks.Of(_options with { Causal = false }, memory, valid);
        Tensor[] targets = [.. _layers.Select((layer, i) => _crossings[i].Forward(layer.forward(layers[i]), memory, keys))];
        (Tensor features, Tensor confidence) = _merging.Forward(targets, layers[^1], TokenMasks.Of(_options, targets[0], queries));
        return (targets, features, confidence);
    }
}

/// <summary>
/// Lets a decoder's layer read the encoder's side features: it gathers from them as in the parallel interaction, but without
/// residual, and adds a projection of that.
/// </summary>
internal sealed class MemoryCrossing(Weights weights, long width, UniPTOptions options)
{
    private readonly ParallelInteraction _interaction = new(RowNormalization.Of(options), MergeResidual.None);
    private readonly LayerProjection _projection = new(weights, HiddenLayout.Tokens, width, width, options with { LayerMap = LayerMap.LinearNorm });

    /// <summary><c>[B, Q, m] → [B, Q, m]</c>.</summary>
    /// <param name="target">The decoder layer's projected features <c>[B, Q, m]</c>.</param>
    /// <param name="memory">The encoder's side features <c>[B, S, m]</c>.</param>
    /// <param name="masks">Which tokens of the memory count.</param>
    public Tensor Forward(Tensor target, Tensor memory, TokenMasks masks)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(target.Add(_projection.forward(_interaction.RecordedMean(target, [memory], masks))));
    }
}
