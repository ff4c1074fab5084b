using UniPT.Torch;
using UniPT.Tuning.UniPT.Forms;

namespace UniPT.Tuning.UniPT.Interactions;

/// <summary>
/// Lets a target layer interact with the anchor: <c>(rows(A·Tᵀ) + R)·T</c>, without scale or heads; rows are normalised as
/// published, <c>L1(relu(…))</c>, or by a softmax, R is the identity, picks one token, or is nothing.
/// </summary>
internal sealed class ParallelInteraction(RowNormalization rows, MergeResidual residual) : LayerInteraction(residual)
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor anchor, Tensor target, TokenMasks masks)
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor weights = Weights(anchor.Bmm(target.Transpose(1, 2)), masks);
        return scope.HandOut(Residual == MergeResidual.Identity ? target.Baddbmm(weights, target) : weights.Bmm(target));
    }

    /// <inheritdoc/>
    public override Tensor Fit(Tensor anchor, Tensor target, TokenMasks masks, Tensor gradient) =>
        new InteractionFit(rows, Residual, masks).Forward(anchor, target, gradient);

    /// <summary>
    /// What every token of the target counts, but for an identity, from its similarity, which is overwritten: both <c>[B, Q, N]</c>.
    /// </summary>
    public Tensor Weights(Tensor similarity, TokenMasks masks)
    {
        using TensorScope scope = TensorScope.Begin();
        rows.Count(similarity, masks.Keys);
        Tensor attention = similarity / rows.Sums(similarity);
        return scope.HandOut(masks.Summary is null ? attention : attention + masks.Summary);
    }
}
