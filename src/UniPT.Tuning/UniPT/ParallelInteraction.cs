using UniPT.Torch;
using UniPT.Tuning.UniPT.Forms;

namespace UniPT.Tuning.UniPT;

/// <summary>
/// Lets a target layer interact with the anchor: <c>(L1rows(relu(A·Tᵀ ⊙ mask)) + R)·T</c>, without scale, heads or softmax;
/// R is the identity, picks one token, or is nothing.
/// </summary>
internal sealed class ParallelInteraction(double epsilon, EpsilonUse use, MergeResidual residual)
{
    /// <summary>The target's features as the anchor's tokens see them, <c>[B, Q, m]</c>.</summary>
    /// <param name="anchor">The anchor's features <c>[B, Q, m]</c>.</param>
    /// <param name="target">The target's <c>[B, N, m]</c>.</param>
    /// <param name="masks">Which of its tokens count.</param>
    public Tensor Forward(Tensor anchor, Tensor target, TokenMasks masks)
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor weights = Weights(anchor.Bmm(target.Transpose(1, 2)), masks);
        return scope.HandOut(residual == MergeResidual.Identity ? target.Baddbmm(weights, target) : weights.Bmm(target));
    }

    /// <summary>
    /// The products of what <see cref="Forward"/> gives with its gradient <c>[B, Q, m]</c>, summed over channels: <c>[B, Q, 1]</c>.
    /// Their backward needs one product less than that of the features.
    /// </summary>
    public Tensor Fit(Tensor anchor, Tensor target, TokenMasks masks, Tensor gradient)
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor similarity = Valid(anchor.Bmm(target.Transpose(1, 2)), masks);
        Tensor fits = gradient.Bmm(target.Transpose(1, 2));
        Tensor fit = (similarity * fits).Sum(-1, true) / Sums(similarity);
        return scope.HandOut(residual switch
        {
            MergeResidual.Identity => fit + (target * gradient).Sum(-1, true),
            MergeResidual.None => fit,
            _ => fit + (fits * masks.Summary!).Sum(-1, true),
        });
    }

    /// <summary>What every token of the target counts, but for an identity, from its similarity: both <c>[B, Q, N]</c>.</summary>
    public Tensor Weights(Tensor similarity, TokenMasks masks)
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor valid = Valid(similarity, masks);
        Tensor attention = valid / Sums(valid);
        return scope.HandOut(masks.Summary is null ? attention : attention + masks.Summary);
    }

    private static Tensor Valid(Tensor similarity, TokenMasks masks) => (masks.Keys is null ? similarity : similarity * masks.Keys).Relu();

    private Tensor Sums(Tensor valid) => use == EpsilonUse.Added ? valid.Sum(-1, true) + epsilon : valid.Sum(-1, true).ClampMin(epsilon);
}
