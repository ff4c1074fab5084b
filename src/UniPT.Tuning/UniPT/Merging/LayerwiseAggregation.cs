using UniPT.Torch;
using UniPT.Tuning.UniPT.Interactions;

namespace UniPT.Tuning.UniPT.Merging;

/// <summary>Merges one layer after the other, all examples at once; backward computes each again.</summary>
/// <param name="layers">The layers.</param>
/// <param name="gate">Scores all of them.</param>
/// <param name="interaction">Lets all of them interact with the anchor.</param>
internal sealed class LayerwiseAggregation(IReadOnlyList<TargetLayer> layers, LayerGate gate, LayerInteraction interaction) : ConfidenceAggregation
{
    private readonly Tensor[] _shared = [.. gate.Parameters, .. interaction.Parameters];

    /// <inheritdoc/>
    public override (Tensor Merged, Tensor Confidence) Forward(IReadOnlyList<Tensor> inputs, Tensor anchor, TokenMasks masks)
    {
        Tensor[] sources = [.. inputs, anchor, .. _shared, .. layers.SelectMany(layer => layer.LinearParameters.Concat(layer.MergeParameters))];
        Tensor merged;
        Tensor confidence;
        using (DisposeScope scope = torch.NewDisposeScope())
        using (torch.no_grad())
        {
            var sum = new RunningSoftmax(anchor, masks.Scores);
            var scores = new Tensor[layers.Count];
            for (int i = 0; i < layers.Count; i++)
            {
                using DisposeScope step = torch.NewDisposeScope();
                (Tensor score, Tensor features) = layers[i].Merge(layers[i].Project(inputs[i]), anchor, masks);
                sum.Add(score, features);
                scores[i] = step.MoveToOuter(score);
            }

            (merged, confidence) = (scope.MoveToOuter(sum.Result), scope.MoveToOuter(torch.cat(scores, -1).softmax(-1)));
        }

        if (torch.is_grad_enabled() && sources.Any(source => source.requires_grad))
        {
            var backward = new LayerwiseBackward(layers, _shared, inputs, anchor, masks, merged, confidence);
            CustomBackward.Attach(sources, [merged], (gradients, kept) => backward.Run(gradients[0]!, kept), backward.Kept);
        }

        return (merged, confidence);
    }
}
