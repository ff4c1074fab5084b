using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.UniPT.Merging;
using UniPT.Tuning.UniPT.Projections;

namespace UniPT.Tuning.UniPT;

/// <summary>
/// UniPT's parallel network from the projections to the output (<see cref="UniPTMethod"/> says how the parts compose). Its weights carry the
/// state-dict names of the published VSE∞ and CLIP4Clip networks.
/// </summary>
internal sealed class ParallelNetwork
{
    private readonly SharedTargets? _shared;
    private readonly LayerMerging _merging;
    private readonly OutputProjection? _output;
    private readonly bool _pooled;

    /// <summary>Builds the network for layers of these widths.</summary>
    /// <param name="weights">Where its weights stand.</param>
    /// <param name="layout">Tokens or the cells of maps.</param>
    /// <param name="widths">Channels of the hidden states.</param>
    /// <param name="pooled">Channels of the backbone's pooled output, where the form reads that.</param>
    /// <param name="width">The network's own width.</param>
    /// <param name="output">Channels of the adapted features; those of the pooled output, where the form reads that.</param>
    /// <param name="options">Every option chosen.</param>
    /// <param name="standardization">What is done to the hidden states first; null for nothing.</param>
    public ParallelNetwork(
        Weights weights, HiddenLayout layout, IReadOnlyList<int> widths, int? pooled, int width, int output, UniPTOptions options, Standardization? standardization)
    {
        _pooled = options.Anchor == AnchorSource.Pooled;
        LayerProjection[] projections = options.LayerMap == LayerMap.None ? [] : [.. widths.Select((channels, i) =>
            new LayerProjection(weights / "downsample_layers" / i, layout, channels, width, options, standardization?.Of(i)))];
        if (SharedTargets.AreNeeded(options))
        {
            Module[] layers = options.LayerMap == LayerMap.None ? [.. widths.Select((_, i) => new ChannelPadding(width, standardization?.Of(i)))] : projections;
            _shared = new SharedTargets(weights, layers, width, options);
        }

        LayerProjection? anchor = _pooled
            ? new LayerProjection(weights / "downsample_layer", HiddenLayout.Tokens, pooled!.Value, width, options)
            : _shared is null ? projections[^1] : null;
        int merged = options.Anchor == AnchorSource.LastLayer ? widths.Count - 1 : widths.Count;
        _merging = new LayerMerging(
            weights, layout, anchor, [.. Enumerable.Range(0, merged).Select(i => _shared is null ? projections[i] : null)], width, widths[^1], options);

        // Where nothing else trains, nothing does here either, if nothing need.
        _output = options.LayerMap == LayerMap.None && output == width ? null : new OutputProjection(weights / "upsample_layer", layout, width, output, options);
    }

    /// <summary>Makes the network add nothing until it is trained.</summary>
    public void Silence() => _output?.Silence();

    /// <summary>Adapted features.</summary>
    /// <param name="layers">The layers' tokens or cells, <c>[B, N, C]</c> each, the last one deepest.</param>
    /// <param name="pooled">The backbone's pooled output <c>[B, E]</c>, where the form reads it.</param>
    /// <param name="masks">Which tokens count.</param>
    /// <returns>Features <c>[B, N, output]</c>, of a pooled output <c>[B, 1, E]</c>, and the confidence <c>[B, L]</c>, which is not recorded.</returns>
    public (Tensor Tokens, Tensor Confidence) Forward(IReadOnlyList<Tensor> layers, Tensor? pooled, TokenMasks masks)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor? query = _pooled ? pooled!.unsqueeze(1) : null;
        (IReadOnlyList<Tensor> targets, Tensor? anchor) = _shared is not null ? _shared.Forward(layers, masks)
            : _pooled ? (layers, null)
            : ([.. layers.SkipLast(1)], layers[^1]);
        (Tensor merged, Tensor confidence) = _merging.Forward(targets, query ?? anchor!, masks);
        Tensor features = _output?.forward(merged) ?? merged;
        return (scope.MoveToOuter(query is null ? features : query.Add(features)), scope.MoveToOuter(confidence));
    }
}
