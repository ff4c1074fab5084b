using UniPT.Torch;

namespace UniPT.Tuning.UniPT.Interactions;

/// <summary>
/// How well what an anchor gathers from targets fits a gradient. Backward is written out: it takes two products more, and
/// works in the memory of those that forward took.
/// </summary>
/// <param name="rows">Normalises the similarities.</param>
/// <param name="residual">What of a target is added to what is gathered.</param>
/// <param name="masks">Which tokens of the targets count.</param>
internal sealed class InteractionFit(RowNormalization rows, MergeResidual residual, TokenMasks masks)
{
    /// <summary>The products of <see cref="ParallelInteraction.Forward"/> with the gradient, summed over channels: <c>[B, Q, L]</c>.</summary>
    /// <param name="anchor">The anchor's features <c>[B, Q, m]</c>.</param>
    /// <param name="targets">The targets', <c>[B, N, m]</c> each.</param>
    /// <param name="gradient">The gradient <c>[B, Q, m]</c>, a constant.</param>
    /// <param name="known">What the tokens count before their rows are normalised, <c>[B, Q, L·N]</c>; null where it is not known.</param>
    public Tensor Forward(Tensor anchor, IReadOnlyList<Tensor> targets, Tensor gradient, Tensor? known)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        long queries = anchor.size(1);
        var tokens = new StackedTokens(targets);
        Tensor transposed = tokens.Beside.transpose(1, 2);
        Tensor products = known is null ? torch.cat([anchor, gradient], 1).bmm(transposed) : torch.cat([known, gradient.bmm(transposed)], 1);
        Tensor counts = tokens.ByTarget(products.narrow(1, 0, queries));
        Tensor fits = tokens.ByTarget(products.narrow(1, queries, queries));
        if (known is null)
        {
            rows.Count(counts, masks.Keys?.unsqueeze(2));
        }

        Tensor sums = rows.Sums(counts);
        Tensor gathered = (counts * fits).sum(-1, true) / sums;
        Tensor result = residual switch
        {
            MergeResidual.Identity => gathered.squeeze(-1).Add(StackedTokens.Own(fits)),
            MergeResidual.None => gathered.squeeze(-1),
            _ => gathered.squeeze(-1).Add((fits * masks.Summary!.unsqueeze(2)).sum(-1)),
        };
        CustomBackward.Attach(
            [anchor, .. targets],
            [result],
            (arrived, kept) => Backward(arrived[0]!, new StackedTokens(kept[1], targets.Count), kept),
            [anchor.detach(), tokens.Beside.detach(), gradient.detach(), products, counts, fits, sums, gathered]);
        return scope.MoveToOuter(result);
    }

    private Tensor[] Backward(Tensor arrived, StackedTokens tokens, Tensor[] kept)
    {
        (Tensor anchor, Tensor gradient, Tensor products) = (kept[0], kept[2], kept[3]);
        (Tensor counts, Tensor fits, Tensor sums, Tensor gathered) = (kept[4], kept[5], kept[6], kept[7]);
        Tensor scale = arrived.unsqueeze(-1) / sums;
        fits.add_(rows.SumsGradient(gathered, sums), Scalars.Of(-1));
        fits.mul_(scale);
        rows.CountsGradient(fits, counts);
        counts.mul_(scale);
        StackedTokens.AddResidual(counts, residual, masks, arrived);

        // The products hold the weights and the similarities' gradient now.
        Tensor ofSimilarity = products.narrow(1, anchor.size(1), anchor.size(1));
        Tensor ofTargets = products.transpose(1, 2).bmm(torch.cat([gradient, anchor], 1));
        return [ofSimilarity.bmm(tokens.Beside), .. tokens.Split(ofTargets)];
    }
}
