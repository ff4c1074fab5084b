using UniPT.Torch;

namespace UniPT.Tuning.UniPT.Interactions;

/// <summary>
/// The published interaction of an anchor A with targets T_i and its backward, for all targets at once. Each target gives
/// <c>M_i = (rows(A·T_iᵀ) + R)·T_i</c>, without scale, heads or trained maps, and what is asked for is <c>Σ c_i·M_i</c>.
/// The shares c_i go into the weights of the tokens, <c>W_i = c_i·(rows(A·T_iᵀ) + R)</c>, so that no M_i is ever built: with the tokens of all targets
/// side by side the whole is two matrix products, of the anchor with the tokens and of the weights with the tokens.
/// </summary>
/// <param name="rows">How the rows of similarities <c>A·T_iᵀ</c> are normalised.</param>
/// <param name="residual">What R is.</param>
internal sealed class ParallelInteraction(RowNormalization rows, MergeResidual residual) : LayerInteraction
{
    /// <inheritdoc/>
    /// <returns>The sum, and the numerators of all rows <c>[B, Q, L·N]</c>, which save backward one of its four products.</returns>
    public override (Tensor Sum, Tensor? Kept) Forward(Tensor anchor, IReadOnlyList<Tensor> targets, Tensor shares, TokenMasks masks, bool keeps)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor tokens = SideBySide(targets);
        Tensor products = anchor.bmm(tokens.transpose(1, 2));
        Tensor weights = ByTarget(products, targets.Count);
        rows.ToNumerators(weights, masks.Keys?.unsqueeze(2));
        Tensor? kept = keeps ? scope.MoveToOuter(products.clone()) : null;
        ToWeights(weights, rows.Denominators(weights), shares, masks);
        return (scope.MoveToOuter(products.bmm(tokens)), kept);
    }

    /// <summary>
    /// From the gradient G of the sum: the weights have the gradient <c>G·T_iᵀ</c>, from which <see cref="ToSimilarityGradient"/> makes those of the
    /// shares and of the similarities, S_i. The anchor's is <c>Σ S_i·T_i</c>, a target's <c>S_iᵀ·A + W_iᵀ·G</c>.
    /// </summary>
    public override InteractionGradients Backward(
        Tensor anchor, IReadOnlyList<Tensor> targets, Tensor shares, TokenMasks masks, Tensor gradient, Tensor? kept)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        long queries = anchor.size(1);
        Tensor tokens = SideBySide(targets);

        // A·T_iᵀ (where it is not kept) and G·T_iᵀ below each other. In their memory they become the weights and the similarities' gradients.
        Tensor both = Products(anchor, kept, gradient, tokens);
        Tensor weights = ByTarget(both.narrow(1, 0, queries), targets.Count);
        Tensor gradients = ByTarget(both.narrow(1, queries, queries), targets.Count);
        if (kept is null)
        {
            rows.ToNumerators(weights, masks.Keys?.unsqueeze(2));
        }

        Tensor denominators = rows.Denominators(weights);
        Tensor ofShares = ToSimilarityGradient(gradients, weights, denominators, shares, masks);
        ToWeights(weights, denominators, shares, masks);
        Tensor ofAnchor = both.narrow(1, queries, queries).bmm(tokens);
        Tensor ofTokens = both.transpose(1, 2).bmm(torch.cat([gradient, anchor], 1));
        return new InteractionGradients(
            scope.MoveToOuter(ofAnchor), scope.MoveAllToOuter([.. ofTokens.chunk(targets.Count, 1)]), scope.MoveToOuter(ofShares), []);
    }

    /// <summary>
    /// <c>rows(S) + R</c> of one target, for a layer that takes the products with its tokens in its own way; recorded where
    /// the similarities S are.
    /// </summary>
    /// <param name="similarity">S, <c>[B, Q, N]</c>.</param>
    /// <param name="masks">Which tokens count.</param>
    public Tensor Weights(Tensor similarity, TokenMasks masks)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor weights;
        Tensor numerators;
        Tensor denominators;
        Tensor share;
        using (torch.no_grad())
        {
            numerators = similarity.unsqueeze(2).clone();
            rows.ToNumerators(numerators, masks.Keys?.unsqueeze(2));
            (denominators, share, weights) = (rows.Denominators(numerators), One(similarity), numerators.squeeze(2).clone());
            ToWeights(weights.unsqueeze(2), denominators, share, masks);
        }

        CustomBackward.Attach(
            [similarity],
            [weights],
            (arrived, kept) =>
            {
                Tensor gradient = arrived[0]!.clone();
                ToSimilarityGradient(gradient.unsqueeze(2), kept[0], kept[1], kept[2], masks);
                return [gradient];
            },
            numerators,
            denominators,
            share);
        return scope.MoveToOuter(weights);
    }

    /// <summary>In place: numerators to the weights <c>W_i = c_i·(rows(S_i) + R)</c>, <c>[B, Q, L, N]</c>.</summary>
    private void ToWeights(Tensor numerators, Tensor denominators, Tensor shares, TokenMasks masks)
    {
        numerators.mul_(shares.unsqueeze(-1) / denominators);
        new Residual(residual, masks).AddTo(numerators, shares);
    }

    /// <summary>
    /// The backward of <see cref="ToWeights"/> and what is before it. In place: the gradients of the weights to those of the similarities, all
    /// <c>[B, Q, L, N]</c>.
    /// </summary>
    /// <returns>The gradient of the shares, in their shape.</returns>
    private Tensor ToSimilarityGradient(Tensor gradient, Tensor numerators, Tensor denominators, Tensor shares, TokenMasks masks)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor mean = (numerators * gradient).sum(-1, true) / denominators;
        Tensor ofShares = new Residual(residual, masks).SharesGradient(gradient) is { } added ? mean.squeeze(-1).Add(added) : mean.squeeze(-1);

        // A larger numerator lifts its own weight and, through the denominator, lowers all others of its row.
        gradient.add_(rows.SumsGradient(mean, denominators), Scalars.Of(-1));
        gradient.mul_(shares.unsqueeze(-1) / denominators);
        rows.ToSimilarityGradient(gradient, numerators);
        return scope.MoveToOuter(shares.size(1) == 1 ? ofShares.sum(1, true) : ofShares);
    }

    /// <summary>Products of tokens with the anchor, or what was kept of them, then with the gradient: <c>[B, 2·Q, L·N]</c>.</summary>
    private static Tensor Products(Tensor anchor, Tensor? kept, Tensor gradient, Tensor tokens)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor transposed = tokens.transpose(1, 2);
        return scope.MoveToOuter(kept is null ? torch.cat([anchor, gradient], 1).bmm(transposed) : torch.cat([kept, gradient.bmm(transposed)], 1));
    }

    /// <summary>Targets <c>[B, N, m]</c> as one tensor <c>[B, L·N, m]</c>.</summary>
    private static Tensor SideBySide(IReadOnlyList<Tensor> targets) => targets.Count == 1 ? targets[0] : torch.cat([.. targets], 1);

    /// <summary>Products with all tokens, <c>[B, Q, L·N]</c>, as <c>[B, Q, L, N]</c>; a view.</summary>
    private static Tensor ByTarget(Tensor products, int targets) => products.view(products.size(0), products.size(1), targets, -1);
}
