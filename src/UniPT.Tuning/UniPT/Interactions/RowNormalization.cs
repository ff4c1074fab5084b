using UniPT.Torch;

namespace UniPT.Tuning.UniPT.Interactions;

/// <summary>
/// Turns each row of similarities S into what the tokens count: <c>rows(S) = f(S) / d</c>, where the numerators f(S) are at least 0 and
/// the denominator d is their sum over the row. Both steps stand here with their backward; the division is the interaction's.
/// </summary>
internal abstract class RowNormalization
{
    /// <summary>The normalisation that belongs to the interaction that the options choose.</summary>
    public static RowNormalization Of(UniPTOptions options) =>
        options.Interaction == Interaction.ReluL1 ? new L1Normalization(options.Epsilon!.Value, options.EpsilonUse!.Value) : new SoftmaxNormalization();

    /// <summary>In place: f of the similarities, 0 where tokens are not valid.</summary>
    /// <param name="similarity"><c>[…, Q, N]</c>.</param>
    /// <param name="keys">1 for valid and 0 for other tokens, broadcast to it; null where all are valid.</param>
    public abstract void ToNumerators(Tensor similarity, Tensor? keys);

    /// <summary>In place: the gradient of the similarities from that of the numerators.</summary>
    public abstract void ToSimilarityGradient(Tensor gradient, Tensor numerators);

    /// <summary>What the numerators <c>[…, Q, N]</c> are divided by, <c>[…, Q, 1]</c>.</summary>
    public abstract Tensor Denominators(Tensor numerators);

    /// <summary>The gradient of the numerators' plain sum from that of the denominators; <c>[…, Q, 1]</c> both.</summary>
    public abstract Tensor SumsGradient(Tensor gradient, Tensor denominators);
}

/// <summary>The published one: f is the ReLU, and ε keeps the sum from being 0.</summary>
internal sealed class L1Normalization(double epsilon, EpsilonUse use) : RowNormalization
{
    /// <inheritdoc/>
    public override void ToNumerators(Tensor similarity, Tensor? keys)
    {
        if (keys is not null)
        {
            similarity.mul_(keys);
        }

        similarity.relu_();
    }

    /// <inheritdoc/>
    public override void ToSimilarityGradient(Tensor gradient, Tensor numerators) => gradient.masked_fill_(numerators.le(Scalars.Of(0)), Scalars.Of(0));

    /// <inheritdoc/>
    public override Tensor Denominators(Tensor numerators) => use == EpsilonUse.Added
        ? numerators.sum(-1, true).Add(epsilon)
        : numerators.sum(-1, true).clamp_min(Scalars.Of(epsilon));

    /// <inheritdoc/>
    public override Tensor SumsGradient(Tensor gradient, Tensor denominators) =>
        use == EpsilonUse.Added ? gradient : gradient * denominators.gt(Scalars.Of(epsilon)).to(gradient.dtype);
}

/// <summary>The softmax: f is the exponential. In a row without any valid token all count 0.</summary>
internal sealed class SoftmaxNormalization : RowNormalization
{
    private const double Hidden = 1e9;
    private const double Smallest = 1e-12;

    /// <inheritdoc/>
    public override void ToNumerators(Tensor similarity, Tensor? keys)
    {
        if (keys is not null)
        {
            similarity.Add_((keys - Scalars.Of(1)) * Scalars.Of(Hidden));
        }

        // Less the row's largest, which changes no share and keeps the exponential small. The largest is held above the value
        // of hidden tokens, so that these stay at exp(−∞) even where there are no others.
        similarity.add_(similarity.detach().amax([-1], true).clamp_min(Scalars.Of(-Hidden / 2)), Scalars.Of(-1));
        similarity.exp_();
    }

    /// <inheritdoc/>
    public override void ToSimilarityGradient(Tensor gradient, Tensor numerators) => gradient.mul_(numerators);

    /// <inheritdoc/>
    public override Tensor Denominators(Tensor numerators) => numerators.sum(-1, true).clamp_min(Scalars.Of(Smallest));

    /// <summary>A row with a smaller sum has only numerators of 0, and so no gradient.</summary>
    public override Tensor SumsGradient(Tensor gradient, Tensor denominators) => gradient;
}
