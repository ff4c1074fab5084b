using UniPT.Torch;

namespace UniPT.Tuning.UniPT.Interactions;

/// <summary>ReLU, then the published L1 normalisation.</summary>
internal sealed class L1Normalization(double epsilon, EpsilonUse use) : RowNormalization
{
    /// <inheritdoc/>
    public override void Count(Tensor similarity, Tensor? keys)
    {
        if (keys is not null)
        {
            similarity.mul_(keys);
        }

        similarity.relu_();
    }

    /// <inheritdoc/>
    public override Tensor Sums(Tensor counts) => use == EpsilonUse.Added ? counts.sum(-1, true).Add(epsilon) : counts.sum(-1, true).clamp_min(Scalars.Of(epsilon));

    /// <inheritdoc/>
    public override void CountsGradient(Tensor gradient, Tensor counts) => gradient.masked_fill_(counts.le(Scalars.Of(0)), Scalars.Of(0));

    /// <inheritdoc/>
    public override Tensor SumsGradient(Tensor gradient, Tensor sums) =>
        use == EpsilonUse.Added ? gradient : gradient * sums.gt(Scalars.Of(epsilon)).to(gradient.dtype);
}
