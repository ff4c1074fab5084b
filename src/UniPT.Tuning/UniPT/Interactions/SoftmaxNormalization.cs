using UniPT.Torch;

namespace UniPT.Tuning.UniPT.Interactions;

/// <summary>The softmax; a row without any valid token counts nothing.</summary>
internal sealed class SoftmaxNormalization : RowNormalization
{
    private const double Hidden = 1e9;
    private const double Smallest = 1e-12;

    /// <inheritdoc/>
    public override void Count(Tensor similarity, Tensor? keys)
    {
        if (keys is not null)
        {
            similarity.Add_((keys - Scalars.Of(1)) * Scalars.Of(Hidden));
        }

        // The largest changes no share, it only keeps the exponential small; the limit lets no hidden token reach it.
        similarity.add_(similarity.detach().amax([-1], true).clamp_min(Scalars.Of(-Hidden / 2)), Scalars.Of(-1));
        similarity.exp_();
    }

    /// <inheritdoc/>
    public override Tensor Sums(Tensor counts) => counts.sum(-1, true).clamp_min(Scalars.Of(Smallest));

    /// <inheritdoc/>
    public override void CountsGradient(Tensor gradient, Tensor counts) => gradient.mul_(counts);

    /// <summary>A row with a smaller sum has no counts, and so no gradient.</summary>
    public override Tensor SumsGradient(Tensor gradient, Tensor sums) => gradient;
}
