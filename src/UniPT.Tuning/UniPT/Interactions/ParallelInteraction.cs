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

    /// <summary>Needs one product less in its own backward than the features do.</summary>
    public override Tensor Fit(Tensor anchor, Tensor target, TokenMasks masks, Tensor gradient)
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor counts = rows.Counts(anchor.Bmm(target.Transpose(1, 2)), masks.Keys);
        Tensor fits = gradient.Bmm(target.Transpose(1, 2));
        Tensor fit = (counts * fits).Sum(-1, true) / rows.Sums(counts);
        return scope.HandOut(Residual switch
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
        Tensor counts = rows.Counts(similarity, masks.Keys);
        Tensor attention = counts / rows.Sums(counts);
        return scope.HandOut(masks.Summary is null ? attention : attention + masks.Summary);
    }
}
