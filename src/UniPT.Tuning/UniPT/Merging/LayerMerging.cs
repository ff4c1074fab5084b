using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.UniPT.Interactions;
using UniPT.Tuning.UniPT.Projections;

namespace UniPT.Tuning.UniPT.Merging;

/// <summary>
/// The parallel network before its output: the targets interact with the anchor, what they give is summed up by confidence
/// (<see cref="ConfidenceAggregation"/> chooses how), and a projection of the sum is added to the anchor.
/// </summary>
internal sealed class LayerMerging
{
    private readonly bool _addsAnchor;
    private readonly LayerProjection? _anchor;
    private readonly ConfidenceAggregation _aggregation;
    private readonly double _factor;
    private readonly Module? _merged;

    /// <summary>Takes <c>gate_layer</c>, <c>interaction</c> and <c>projection_layer</c> of a parallel network.</summary>
    /// <param name="weights">Where they stand.</param>
    /// <param name="layout">Tokens or the cells of maps.</param>
    /// <param name="anchor">The anchor's projection, null for one that has the network's width already.</param>
    /// <param name="targets">Those of the merged layers, as that.</param>
    /// <param name="width">The network's width.</param>
    /// <param name="backbone">The backbone's, between the two linear maps of <see cref="MergedMap.TwoLayerNorm"/>.</param>
    /// <param name="options">Every option chosen.</param>
    public LayerMerging(
        Weights weights, HiddenLayout layout, LayerProjection? anchor, IReadOnlyList<LayerProjection?> targets, long width, long backbone, UniPTOptions options)
    {
        var gate = LayerGate.Of(options, weights / "gate_layer", width, targets.Count);
        var interaction = LayerInteraction.Of(options, weights / "interaction", width);
        (_addsAnchor, _anchor) = (options.Anchor != AnchorSource.Pooled, anchor);
        _aggregation = ConfidenceAggregation.Of(options, layout, targets, gate, interaction);
        _factor = options.Aggregation == Aggregation.Sum ? targets.Count : 1;
        _merged = MergedProjection.Of(options, weights / "projection_layer", layout, width, backbone);
    }

    /// <summary>The merged features, added to the anchor's where that is of layers, and the confidence, which is not recorded.</summary>
    /// <param name="targets">The merged layers' tokens or cells, <c>[B, N, C]</c> each.</param>
    /// <param name="anchor">What the anchor's projection is given, <c>[B, Q, C]</c>.</param>
    /// <param name="masks">Which tokens of the targets count.</param>
    /// <returns><c>[B, Q, m]</c> and <c>[B, L]</c>.</returns>
    public (Tensor Features, Tensor Confidence) Forward(IReadOnlyList<Tensor> targets, Tensor anchor, TokenMasks masks)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor projected = _anchor?.forward(anchor) ?? anchor;
        (Tensor merged, Tensor confidence) = _aggregation.Forward(targets, projected, masks);
        (merged, confidence) = _factor == 1 ? (merged, confidence) : (merged * Scalars.Of(_factor), confidence * Scalars.Of(_factor));
        Tensor features = _merged?.forward(merged) ?? merged;
        return (
            scope.MoveToOuter(_addsAnchor ? projected.Add(features) : features),
            scope.MoveToOuter(confidence.mean([1])));
    }
}
