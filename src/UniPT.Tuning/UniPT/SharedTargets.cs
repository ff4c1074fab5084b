using UniPT.Torch;
using UniPT.Tuning.UniPT.Interactions;

namespace UniPT.Tuning.UniPT;

/// <summary>
/// The layers at the network's width before they are merged, for forms in which more than the merging reads them: the
/// anchor is their mean, or they read each other.
/// </summary>
internal sealed class SharedTargets
{
    private readonly IReadOnlyList<Module> _layers;
    private readonly NeighbourInteraction? _neighbours;
    private readonly AnchorSource? _anchor;

    /// <summary>Takes <c>neighbours</c>, where the form has them.</summary>
    /// <param name="weights">Where that stands.</param>
    /// <param name="layers">Bring each hidden state to the network's width.</param>
    /// <param name="width">That width.</param>
    /// <param name="options">Every option chosen.</param>
    public SharedTargets(Weights weights, IReadOnlyList<Module> layers, long width, UniPTOptions options)
    {
        (_layers, _anchor) = (layers, options.Anchor);
        _neighbours = options.AcrossLayers ? new NeighbourInteraction(options, weights / "neighbours", width) : null;
    }

    /// <summary>Whether a form is one of these.</summary>
    public static bool AreNeeded(UniPTOptions options) =>
        options.AcrossLayers || options.Anchor == AnchorSource.MeanOfLayers || options.LayerMap == LayerMap.None;

    /// <summary>The targets <c>[B, N, m]</c> each and the anchor's features; null for a pooled output's.</summary>
    /// <param name="hidden">All hidden states <c>[B, N, C]</c>.</param>
    /// <param name="masks">Which tokens count.</param>
    public (IReadOnlyList<Tensor> Targets, Tensor? Anchor) Forward(IReadOnlyList<Tensor> hidden, TokenMasks masks)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor[] all = [.. _layers.Zip(hidden, (layer, state) => layer.forward(state))];
        Tensor? anchor = _anchor switch
        {
            AnchorSource.LastLayer => all[^1],
            AnchorSource.MeanOfLayers => torch.stack(all).mean([0]),
            _ => null,
        };
        IReadOnlyList<Tensor> targets = _anchor == AnchorSource.LastLayer ? all[..^1] : all;
        targets = _neighbours?.Forward(targets, masks) ?? targets;
        return (scope.MoveAllToOuter(targets), anchor is null ? null : scope.MoveToOuter(anchor));
    }
}
