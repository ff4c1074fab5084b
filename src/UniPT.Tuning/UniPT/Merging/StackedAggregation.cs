using UniPT.Torch;
using UniPT.Tuning.UniPT.Interactions;
using UniPT.Tuning.UniPT.Projections;

namespace UniPT.Tuning.UniPT.Merging;

/// <summary>
/// Merges all layers side by side, a few examples at a time, so that what is worked on stays in the cache. Kept for backward are
/// the outputs of the linear maps and, for some of the examples, what the interaction would else compute again; the rest is computed again.
/// </summary>
/// <param name="layers">Bring each layer to the network's width.</param>
/// <param name="gate">Scores them.</param>
/// <param name="interaction">Lets them interact with the anchor.</param>
/// <param name="keeps">Whether anything is kept; otherwise backward projects again too.</param>
internal sealed class StackedAggregation(IReadOnlyList<LayerProjection> layers, LayerGate gate, LayerInteraction interaction, bool keeps)
    : ConfidenceAggregation
{
    private const long TokensAtOnce = 256;

    /// <summary>What the interaction keeps is at most this part of what the linear maps gave.</summary>
    private const double InteractionShare = 1.0 / 3;

    /// <summary>Everything that trains but the linear maps.</summary>
    private Tensor[] MergeParameters => [.. gate.Parameters, .. interaction.Parameters, .. layers.SelectMany(layer => layer.NormParameters)];

    /// <inheritdoc/>
    public override (Tensor Merged, Tensor Confidence) Forward(IReadOnlyList<Tensor> inputs, Tensor anchor, TokenMasks masks)
    {
        Tensor[] sources = [.. inputs, anchor, .. MergeParameters, .. layers.SelectMany(layer => layer.LinearParameters)];
        bool recorded = torch.is_grad_enabled() && sources.Any(source => source.requires_grad);
        SampleRange[] parts = [.. SampleRange.Parts(anchor.size(0), Math.Max(1, TokensAtOnce / inputs[0].size(1)))];
        Tensor[]? projected = null;
        var interacted = new Tensor?[parts.Length];
        double keptParts = recorded && keeps ? parts.Length * InteractionShare * anchor.size(2) / anchor.size(1) : 0;
        Tensor merged;
        Tensor confidence;
        using (DisposeScope scope = torch.NewDisposeScope())
        using (torch.no_grad())
        {
            if (recorded && keeps)
            {
                projected = [.. layers.Select((layer, i) => scope.MoveToOuter(layer.Project(inputs[i])))];
            }

            var sums = new List<Tensor>();
            var confidences = new List<Tensor>();
            for (int i = 0; i < parts.Length; i++)
            {
                using DisposeScope inner = torch.NewDisposeScope();
                SampleRange part = parts[i];
                TokenMasks partMasks = masks.Of(part);
                (Tensor[] targets, Tensor shares) = Weigh(Projected(projected, inputs, part), part.Of(anchor), partMasks);
                (Tensor sum, Tensor? kept) = interaction.Forward(part.Of(anchor), targets, shares, partMasks, i + 1 <= keptParts);
                interacted[i] = kept is null ? null : inner.MoveToOuter(kept);
                sums.Add(inner.MoveToOuter(sum));
                confidences.Add(inner.MoveToOuter(shares));
            }

            scope.MoveAllToOuter([.. interacted.OfType<Tensor>()]);
            (merged, confidence) = (scope.MoveToOuter(torch.cat([.. sums])), scope.MoveToOuter(torch.cat([.. confidences])));
        }

        if (recorded)
        {
            var backward = new StackedBackward(this, layers, parts, inputs, anchor, masks, projected, interacted);
            CustomBackward.Attach(sources, [merged], (gradients, kept) => backward.Run(gradients[0]!, kept), backward.Kept);
        }

        return (merged, confidence);
    }

    /// <summary>What the linear maps give of some examples: what is kept of it, or computed.</summary>
    public Tensor[] Projected(IReadOnlyList<Tensor>? kept, IReadOnlyList<Tensor> inputs, SampleRange part) =>
        kept is not null ? [.. kept.Select(part.Of)] : [.. layers.Select((layer, i) => layer.Project(part.Of(inputs[i])))];

    /// <summary>
    /// Gradients, for some examples, of what the linear maps gave, then of the anchor, then of <see cref="MergeParameters"/>.
    /// </summary>
    /// <param name="projected">What the linear maps gave.</param>
    /// <param name="anchor">The anchor's features <c>[B, Q, m]</c>.</param>
    /// <param name="masks">Which tokens count.</param>
    /// <param name="gradient">The gradient of the weighted sum <c>[B, Q, m]</c>.</param>
    /// <param name="kept">What the interaction kept.</param>
    public Tensor?[] Backward(IReadOnlyList<Tensor> projected, Tensor anchor, TokenMasks masks, Tensor gradient, Tensor? kept) => Recomputation.Gradients(
        leaves =>
        {
            (Tensor[] targets, Tensor confidence) = Weigh([.. leaves.SkipLast(1)], leaves[^1], masks);
            return [interaction.RecordBackward(leaves[^1], targets, confidence, masks, gradient, kept)];
        },
        outputs => [outputs[0].detach().ones_like()],
        [.. projected.Append(anchor).Select(tensor => (tensor, true))],
        MergeParameters);

    /// <summary>The layers at the network's width, <c>[B, N, m]</c> each, and what each counts, <c>[B, 1 or N, L]</c>.</summary>
    private (Tensor[] Targets, Tensor Confidence) Weigh(IReadOnlyList<Tensor> projected, Tensor anchor, TokenMasks masks)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor[] targets = [.. layers.Select((layer, i) => scope.MoveToOuter(layer.Normalise(projected[i])))];
        return (targets, scope.MoveToOuter(gate.Scores(0, anchor, targets, masks).softmax(-1)));
    }
}
