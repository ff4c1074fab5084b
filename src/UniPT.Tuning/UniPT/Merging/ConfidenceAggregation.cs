namespace UniPT.Tuning.UniPT.Merging;

/// <summary>The sum of what the layers give, weighted by the softmax of their scores.</summary>
internal abstract class ConfidenceAggregation
{
    /// <summary>The weighted sum <c>[B, Q, m]</c>, and the weights <c>[B, 1 or N, L]</c>, which are not recorded.</summary>
    /// <param name="inputs">The layers' tokens <c>[B, N, C]</c>.</param>
    /// <param name="anchor">The anchor's features <c>[B, Q, m]</c>.</param>
    /// <param name="masks">Which tokens count.</param>
    public abstract (Tensor Merged, Tensor Confidence) Forward(IReadOnlyList<Tensor> inputs, Tensor anchor, TokenMasks masks);
}
