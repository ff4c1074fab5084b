using UniPT.Torch;

namespace UniPT.Tuning.UniPT;

/// <summary>
/// The sum of what the layers give, weighted by the softmax of their scores. Layers are merged one after the other, and of
/// each at most what its linear map gave is kept; backward computes the rest again.
/// </summary>
/// <param name="layers">The layers.</param>
/// <param name="shared">Parameters that all layers share.</param>
/// <param name="inParts">Whether a few examples at a time are merged, which stay in the cache; all at once otherwise.</param>
/// <param name="keeps">Whether what the linear maps gave is kept, where examples are merged in parts.</param>
internal sealed class ConfidenceAggregation(IReadOnlyList<TargetLayer> layers, IReadOnlyList<Tensor> shared, bool inParts, bool keeps)
{
    private const long TokensAtOnce = 512;
    private const long FewestAtOnce = 4;

    /// <summary>The weighted sum <c>[B, Q, m]</c>, and the weights <c>[B, 1 or N, L]</c>, which are not recorded.</summary>
    /// <param name="inputs">The layers' tokens <c>[B, N, C]</c>.</param>
    /// <param name="anchor">The anchor's features <c>[B, Q, m]</c>.</param>
    /// <param name="masks">Which tokens count.</param>
    public (Tensor Merged, Tensor Confidence) Forward(IReadOnlyList<Tensor> inputs, Tensor anchor, TokenMasks masks)
    {
        Tensor[] sources = [.. inputs, anchor, .. shared, .. layers.SelectMany(layer => layer.LinearParameters.Concat(layer.MergeParameters))];
        bool recorded = Gradients.Enabled && sources.Any(source => source.RequiresGrad);
        long batch = anchor.Size(0);
        SampleRange[] parts = [.. SampleRange.Parts(batch, inParts ? Math.Max(FewestAtOnce, TokensAtOnce / inputs[0].Size(1)) : batch)];
        var projected = new Tensor?[layers.Count];
        Tensor merged;
        Tensor confidence;
        using (TensorScope scope = TensorScope.Begin())
        using (Gradients.Off())
        {
            if (recorded && inParts && keeps)
            {
                projected = [.. layers.Select((layer, i) => scope.HandOut(layer.Project(inputs[i])))];
            }

            var sums = new List<Tensor>();
            var confidences = new List<Tensor>();
            foreach (SampleRange part in parts)
            {
                using TensorScope inner = TensorScope.Begin();
                TokenMasks partMasks = masks.Of(part);
                var sum = new RunningSoftmax(part.Of(anchor), masks.Scores);
                var scores = new Tensor[layers.Count];
                for (int i = 0; i < layers.Count; i++)
                {
                    using TensorScope step = TensorScope.Begin();
                    Tensor linear = projected[i] is { } kept ? part.Of(kept) : layers[i].Project(part.Of(inputs[i]));
                    (Tensor score, Tensor features) = layers[i].Merge(linear, part.Of(anchor), partMasks);
                    sum.Add(score, features);
                    scores[i] = step.HandOut(score);
                }

                sums.Add(inner.HandOut(sum.Result));
                confidences.Add(inner.HandOut(Tensor.Cat(scores, -1).Softmax(-1)));
            }

            (merged, confidence) = (scope.HandOut(Tensor.Cat([.. sums])), scope.HandOut(Tensor.Cat([.. confidences])));
        }

        if (recorded)
        {
            var backward = new AggregationBackward(layers, shared, parts, inputs, anchor, masks, projected, merged, confidence);
            CustomBackward.Attach(sources, [merged], gradients => backward.Run(gradients[0]!), backward.Kept);
        }

        return (merged, confidence);
    }
}
