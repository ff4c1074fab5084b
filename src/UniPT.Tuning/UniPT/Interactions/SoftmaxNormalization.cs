using UniPT.Torch;

namespace UniPT.Tuning.UniPT.Interactions;

/// <summary>The softmax; a row without any valid token counts nothing.</summary>
internal sealed class SoftmaxNormalization : RowNormalization
{
    private const double Hidden = 1e9;
    private const double Smallest = 1e-12;

    /// <inheritdoc/>
    public override Tensor Counts(Tensor similarity, Tensor? keys)
    {
        Tensor valid = keys is null ? similarity : similarity + ((keys - 1) * Hidden);

        // The largest changes no share, it only keeps the exponential small.
        Tensor counts = (valid - valid.Detach().Amax(-1, true)).Exp();
        return keys is null ? counts : counts * keys;
    }

    /// <inheritdoc/>
    public override Tensor Sums(Tensor counts) => counts.Sum(-1, true).ClampMin(Smallest);
}
