using UniPT.Torch;
using UniPT.Tuning.UniPT.Forms;

namespace UniPT.Tuning.UniPT.Interactions;

/// <summary>
/// How well what an anchor gathers from a target fits a gradient. Backward is written out: it takes two products more, and
/// works in the memory of those that forward took.
/// </summary>
/// <param name="rows">Normalises the similarities.</param>
/// <param name="residual">What of the target is added to what is gathered.</param>
/// <param name="masks">Which tokens of the target count.</param>
internal sealed class InteractionFit(RowNormalization rows, MergeResidual residual, TokenMasks masks)
{
    /// <summary>The products of <see cref="ParallelInteraction.Forward"/> with the gradient, summed over channels: <c>[B, Q, 1]</c>.</summary>
    /// <param name="anchor">The anchor's features <c>[B, Q, m]</c>.</param>
    /// <param name="target">The target's <c>[B, N, m]</c>.</param>
    /// <param name="gradient">The gradient <c>[B, Q, m]</c>, a constant.</param>
    public Tensor Forward(Tensor anchor, Tensor target, Tensor gradient)
    {
        using TensorScope scope = TensorScope.Begin();
        using GradientMode unrecorded = Gradients.Off();
        long queries = anchor.Size(1);
        Tensor products = Tensor.Cat([anchor, gradient], 1).Bmm(target.Transpose(1, 2));
        (Tensor counts, Tensor fits) = (products.Narrow(1, 0, queries), products.Narrow(1, queries, queries));
        rows.Count(counts, masks.Keys);
        Tensor sums = rows.Sums(counts);
        Tensor gathered = (counts * fits).Sum(-1, true) / sums;
        Tensor result = residual switch
        {
            MergeResidual.Identity => gathered + Own(fits),
            MergeResidual.None => gathered.Detach(),
            _ => gathered + (fits * masks.Summary!).Sum(-1, true),
        };
        Tensor[] kept = [anchor.Detach(), target.Detach(), gradient.Detach(), products, counts, fits, sums, gathered];
        CustomBackward.Attach([anchor, target], [result], arrived => Backward(arrived[0]!, kept), kept);
        return scope.HandOut(result);
    }

    private Tensor[] Backward(Tensor arrived, Tensor[] kept)
    {
        (Tensor anchor, Tensor target, Tensor gradient, Tensor products) = (kept[0], kept[1], kept[2], kept[3]);
        (Tensor counts, Tensor fits, Tensor sums, Tensor gathered) = (kept[4], kept[5], kept[6], kept[7]);
        Tensor scale = arrived / sums;
        Tensor ofSimilarity = fits;
        fits.Add_(rows.SumsGradient(gathered, sums), -1);
        fits.Mul_(scale);
        rows.CountsGradient(ofSimilarity, counts);
        Tensor weights = counts;
        counts.Mul_(scale);
        switch (residual)
        {
            case MergeResidual.Identity:
                Own(weights).Add_(arrived);
                break;
            case MergeResidual.None:
                break;
            default:
                weights.Addcmul_(masks.Summary!, arrived);
                break;
        }

        // The products hold the weights and the similarities' gradient now.
        return [ofSimilarity.Bmm(target), products.Transpose(1, 2).Bmm(Tensor.Cat([gradient, anchor], 1))];
    }

    /// <summary>What every token has to do with itself, a view.</summary>
    private static Tensor Own(Tensor products) => products.Diagonal(1, 2).Unsqueeze(-1);
}
