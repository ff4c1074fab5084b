using UniPT.Torch;

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
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor weights = Weights(anchor.bmm(target.transpose(1, 2)), masks);
        return scope.MoveToOuter(Residual == MergeResidual.Identity ? MatrixProduct.AddBatched(target, weights, target) : weights.bmm(target));
    }

    /// <summary>
    /// The same with all targets in one product, whose rows are normalised target by target and weighted before they gather.
    /// What the tokens count before that is kept, <c>[B, Q, L·N]</c>.
    /// </summary>
    public override (Tensor Sum, Tensor? Kept) Weighted(
        Tensor anchor, IReadOnlyList<Tensor> targets, Tensor confidence, TokenMasks masks, bool keeps)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var tokens = new StackedTokens(targets);
        Tensor similarity = anchor.bmm(tokens.Beside.transpose(1, 2));
        Tensor weights = tokens.ByTarget(similarity);
        rows.Count(weights, masks.Keys?.unsqueeze(2));
        Tensor? kept = keeps ? scope.MoveToOuter(similarity.clone()) : null;
        weights.mul_(confidence.unsqueeze(-1) / rows.Sums(weights));
        StackedTokens.AddResidual(weights, Residual, masks, confidence);
        return (scope.MoveToOuter(similarity.bmm(tokens.Beside)), kept);
    }

    /// <inheritdoc/>
    public override Tensor Fit(Tensor anchor, IReadOnlyList<Tensor> targets, TokenMasks masks, Tensor gradient, Tensor? kept = null) =>
        new InteractionFit(rows, Residual, masks).Forward(anchor, targets, gradient, kept);

    /// <summary>
    /// What every token of the target counts, but for an identity, from its similarity, which is overwritten: both <c>[B, Q, N]</c>.
    /// </summary>
    public Tensor Weights(Tensor similarity, TokenMasks masks)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        rows.Count(similarity, masks.Keys);
        Tensor attention = similarity / rows.Sums(similarity);
        return scope.MoveToOuter(masks.Summary is null ? attention : attention.Add(masks.Summary));
    }
}
