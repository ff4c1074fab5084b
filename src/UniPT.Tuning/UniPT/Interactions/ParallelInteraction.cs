using UniPT.Torch;
using UniPT.Tuning.UniPT.Forms;

namespace UniPT.Tuning.UniPT.Interactions;

/// <summary>
/// Lets target layers interact with the anchor: <c>(rows(A·Tᵀ) + R)·T</c>, without scale or heads; rows are normalised as
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

    /// <summary>
    /// The same with all targets in one product, whose rows are normalised target by target and weighted before they gather.
    /// What the tokens count before that is kept, <c>[B, Q, L·N]</c>.
    /// </summary>
    public override (Tensor Sum, Tensor? Kept) Weighted(
        Tensor anchor, IReadOnlyList<Tensor> targets, Tensor confidence, TokenMasks masks, bool keeps)
    {
        using TensorScope scope = TensorScope.Begin();
        var tokens = new StackedTokens(targets);
        Tensor similarity = anchor.Bmm(tokens.Beside.Transpose(1, 2));
        Tensor weights = tokens.ByTarget(similarity);
        rows.Count(weights, masks.Keys?.Unsqueeze(2));
        Tensor? kept = keeps ? scope.HandOut(similarity.Clone()) : null;
        weights.Mul_(confidence.Unsqueeze(-1) / rows.Sums(weights));
        StackedTokens.AddResidual(weights, Residual, masks, confidence);
        return (scope.HandOut(similarity.Bmm(tokens.Beside)), kept);
    }

    /// <inheritdoc/>
    public override Tensor Fit(Tensor anchor, IReadOnlyList<Tensor> targets, TokenMasks masks, Tensor gradient, Tensor? kept = null) =>
        new InteractionFit(rows, Residual, masks).Forward(anchor, targets, gradient, kept);

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
