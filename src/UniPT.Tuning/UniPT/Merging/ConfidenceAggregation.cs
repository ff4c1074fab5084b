using UniPT.Backbones;
using UniPT.Tuning.UniPT.Interactions;
using UniPT.Tuning.UniPT.Projections;

namespace UniPT.Tuning.UniPT.Merging;

/// <summary>
/// Confidence aggregation: the sum of what the layers give in the interaction with the anchor, weighted by the softmax of their scores.
/// There are two ways to the same numbers, and <see cref="Of"/> chooses.
/// <see cref="StackedAggregation"/> takes a few examples at a time and all layers of them in one product. It is the fast way for
/// many tokens, because what it works on stays in the cache and backward need not project again, and costs the memory of all projected tokens
/// from forward to backward, <c>L·B·N·m</c> numbers (none with <c>checkpoint: true</c>).
/// <see cref="LayerwiseAggregation"/> takes one layer at a time and all examples of it. It keeps nothing but its inputs, and costs a second
/// projection of every layer in backward. It is for layers of which that is cheap or that need all examples at once.
/// </summary>
internal abstract class ConfidenceAggregation
{
    /// <summary>The way that suits the layers.</summary>
    /// <param name="options">Every option chosen.</param>
    /// <param name="layout">Tokens or the cells of maps.</param>
    /// <param name="targets">The projections of the merged layers; null for layers that have the network's width already.</param>
    /// <param name="gate">Scores the layers.</param>
    /// <param name="interaction">Lets them interact with the anchor.</param>
    public static ConfidenceAggregation Of(
        UniPTOptions options, HiddenLayout layout, IReadOnlyList<LayerProjection?> targets, LayerGate gate, LayerInteraction interaction)
    {
        LayerProjection[] projections = [.. targets.OfType<LayerProjection>()];
        if (projections.Length < targets.Count)
        {
            // Something else reads the projected layers too and has made them already: there is nothing to project again.
            return new LayerwiseAggregation([.. targets.Select((target, i) => new ProjectedLayer(i, target, gate, interaction))], gate, interaction);
        }

        if (options is { Anchor: AnchorSource.Pooled, LayerMap: LayerMap.ReluLinear } && interaction is ParallelInteraction parallel)
        {
            // A single query can be brought to the tokens instead of all tokens to the query.
            return new LayerwiseAggregation([.. projections.Select((target, i) => new QueriedLayer(i, target, gate, parallel))], gate, interaction);
        }

        // The cells of maps are few, so that projecting them again is cheap, and batch norm needs those of all examples at once.
        return layout == HiddenLayout.Maps
            ? new LayerwiseAggregation([.. projections.Select((target, i) => new ProjectedLayer(i, target, gate, interaction))], gate, interaction)
            : new StackedAggregation(projections, gate, interaction, keeps: !options.Checkpoint);
    }

    /// <summary>The weighted sum <c>[B, Q, m]</c>, and the weights <c>[B, 1 or N, L]</c>, which are not recorded.</summary>
    /// <param name="inputs">The layers' tokens <c>[B, N, C]</c>.</param>
    /// <param name="anchor">The anchor's features <c>[B, Q, m]</c>.</param>
    /// <param name="masks">Which tokens count.</param>
    public abstract (Tensor Merged, Tensor Confidence) Forward(IReadOnlyList<Tensor> inputs, Tensor anchor, TokenMasks masks);
}
