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
        Tensor similarity = anchor.Bmm(target.Transpose(1, 2));
        similarity = (masks.Keys is null ? similarity : similarity * masks.Keys).Relu();
        Tensor sums = similarity.Sum(-1, true);
        Tensor attention = similarity / (use == EpsilonUse.Added ? sums + epsilon : sums.ClampMin(epsilon));
        return scope.HandOut(residual switch
        {
            MergeResidual.Identity => target.Baddbmm(attention, target),
            MergeResidual.None => attention.Bmm(target),
            _ => (attention + masks.Summary!).Bmm(target),
        });
    }
}
