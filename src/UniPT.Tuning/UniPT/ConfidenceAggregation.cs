using UniPT.Torch;

namespace UniPT.Tuning.UniPT;

/// <summary>
/// The sum of what the layers give, weighted by the softmax of their scores. Layers are computed one after the other
/// for a few examples at a time, which stay in the cache; at most what their linear maps gave is kept, and backward
/// computes the rest again.
/// </summary>
/// <param name="layers">The layers.</param>
/// <param name="gate">The gate, whose parameters all layers share.</param>
/// <param name="examplesMix">Whether examples see each other, as through batch norm: then all are computed at once.</param>
/// <param name="keepProjected">Whether what the linear maps gave is kept; they run twice otherwise.</param>
internal sealed class ConfidenceAggregation(
    IReadOnlyList<TargetLayer> layers, ConfidenceGate gate, bool examplesMix, bool keepProjected)
{
    private const long TokensAtOnce = 512;

    /// <summary>The weighted sum <c>[B, Q, m]</c>, and the weights <c>[B, 1 or N, L]</c>, which are not recorded.</summary>
    /// <param name="inputs">The layers' tokens <c>[B, N, C]</c>.</param>
    /// <param name="anchor">The anchor's features <c>[B, Q, m]</c>.</param>
    /// <param name="masks">Which tokens count.</param>
    public (Tensor Merged, Tensor Confidence) Forward(IReadOnlyList<Tensor> inputs, Tensor anchor, TokenMasks masks)
    {
        Tensor[] sources = [.. inputs, anchor, .. gate.Parameters, .. layers.SelectMany(layer => layer.LinearParameters.Concat(layer.NormParameters))];
        bool recorded = Gradients.Enabled && sources.Any(source => source.RequiresGrad);
        SampleRange[] parts = [.. SampleRange.Parts(anchor.Size(0), examplesMix ? anchor.Size(0) : Math.Max(1, TokensAtOnce / inputs[0].Size(1)))];
        var projected = new Tensor?[layers.Count, parts.Length];
        Tensor merged;
        Tensor confidence;
        using (TensorScope scope = TensorScope.Begin())
        using (Gradients.Off())
        {
            var sums = new List<Tensor>();
            var scores = new List<Tensor>();
            for (int part = 0; part < parts.Length; part++)
            {
                using TensorScope inner = TensorScope.Begin();
                var sum = new RunningSoftmax(parts[part].Of(anchor), masks.Scores);
                TokenMasks partMasks = masks.Of(parts[part]);
                var partScores = new Tensor[layers.Count];
                for (int i = 0; i < layers.Count; i++)
                {
                    using TensorScope step = TensorScope.Begin();
                    Tensor linear = layers[i].Project(parts[part].Of(inputs[i]));
                    (Tensor score, Tensor features) = layers[i].Merge(linear, parts[part].Of(anchor), partMasks);
                    sum.Add(score, features);
                    partScores[i] = step.HandOut(score);
                    projected[i, part] = recorded && keepProjected ? step.HandOut(linear) : null;
                }

                inner.HandOut([.. Enumerable.Range(0, layers.Count).Select(i => projected[i, part]).OfType<Tensor>()]);
                sums.Add(inner.HandOut(sum.Result));
                scores.Add(inner.HandOut(Tensor.Cat(partScores, -1).Softmax(-1)));
            }

            scope.HandOut([.. projected.Cast<Tensor?>().OfType<Tensor>()]);
            (merged, confidence) = (scope.HandOut(Tensor.Cat([.. sums])), scope.HandOut(Tensor.Cat([.. scores])));
        }

        if (recorded)
        {
            var backward = new AggregationBackward(layers, gate, parts, inputs, anchor, masks, projected, merged, confidence);
            CustomBackward.Attach(sources, [merged], gradients => backward.Run(gradients[0]!), backward.Kept);
        }

        return (merged, confidence);
    }
}
