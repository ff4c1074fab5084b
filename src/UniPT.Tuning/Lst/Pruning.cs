using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Tuning.Lst;

/// <summary>
/// Makes side layers of a backbone's layers: of every map the rows that matter most, and of its columns those that the map
/// before it kept (structured pruning as in LST; the residual stream is not kept consistent there either, and a decoder's maps of the
/// memory have the columns that the maps of its own tokens have). The first columns are those that the table of token vectors weighs
/// most, or where no table is given the first layer's queries, keys and values.
/// </summary>
internal static class Pruning
{
    /// <summary>Walks all layers of the backbone in order; those without a side layer only hand on what is kept.</summary>
    /// <param name="layers">The backbone's layers, each with its side layer.</param>
    /// <param name="end">The norm behind the last layer; null for none.</param>
    /// <param name="sideEnd">That of the side network.</param>
    /// <param name="shape">The side network's sizes.</param>
    /// <param name="importance">How much each weight of a map matters, at least 0, in the weight's shape.</param>
    /// <param name="words">The same of a table of token vectors; null for none.</param>
    public static void Start(
        IReadOnlyList<(TransformerBlock Host, TransformerBlock? Side)> layers, Norm? end, Norm? sideEnd, LstShape shape, Func<LinearMap, Tensor> importance, Tensor? words)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        Tensor first = words?.to(ScalarType.Float64) ?? Joint(layers[0].Host.Attention, importance);
        Tensor kept = Largest(first.sum(0L), shape.Width);
        foreach ((TransformerBlock host, TransformerBlock? side) in layers)
        {
            kept = Prune(host, side, kept, shape, importance);
        }

        if (end is not null && sideEnd is not null)
        {
            Copy(end, sideEnd, kept);
        }
    }

    private static Tensor Prune(TransformerBlock host, TransformerBlock? side, Tensor kept, LstShape shape, Func<LinearMap, Tensor> importance)
    {
        FeedForward network = host.FeedForward;
        Tensor attended = Prune(host.Attention, side?.Attention, kept, shape, importance);
        Tensor looked = host.Cross is { } cross ? Prune(cross.Attention, side?.Cross?.Attention, attended, shape, importance) : attended;
        Tensor hidden = Rows(network.Up, looked, shape.Inner, importance);
        Tensor transformed = Rows(network.Down, hidden, shape.Width, importance);
        if (side is not null)
        {
            Copy(network.Up, side.FeedForward.Up, hidden, looked);
            Copy(network.Down, side.FeedForward.Down, transformed, hidden);
            if (network.Gate is { } gate)
            {
                Copy(gate, side.FeedForward.Gate!, hidden, looked);
            }

            Copy(host.AttentionNorm, side.AttentionNorm, host.NormalisesInputs ? kept : attended);
            if (host.Cross is { } looking)
            {
                Copy(looking.Norm, side.Cross!.Norm, host.NormalisesInputs ? attended : looked);
            }

            Copy(host.FeedForwardNorm, side.FeedForwardNorm, host.NormalisesInputs ? looked : transformed);
        }

        return transformed;
    }

    /// <summary>The rows of its output that an attention keeps.</summary>
    private static Tensor Prune(MultiHeadAttention host, MultiHeadAttention? side, Tensor kept, LstShape shape, Func<LinearMap, Tensor> importance)
    {
        Tensor heads = Largest(Joint(host, importance).index_select(1, kept).sum(1), shape.Attention);
        Tensor attended = Rows(host.Output, heads, shape.Width, importance);
        if (side is not null)
        {
            Copy(host.Query, side.Query, heads, kept);
            Copy(host.Key, side.Key, heads, kept);
            Copy(host.Value, side.Value, heads, kept);
            Copy(host.Output, side.Output, attended, heads);
        }

        return attended;
    }

    /// <summary>The product of the three importances; in double, since a product of squared gradients may be tiny.</summary>
    private static Tensor Joint(MultiHeadAttention attention, Func<LinearMap, Tensor> importance) =>
        Exact(attention.Query, importance) * Exact(attention.Key, importance) * Exact(attention.Value, importance);

    private static Tensor Rows(LinearMap map, Tensor columns, int count, Func<LinearMap, Tensor> importance) =>
        Largest(Exact(map, importance).index_select(1, columns).sum(1), count);

    private static Tensor Exact(LinearMap map, Func<LinearMap, Tensor> importance) => importance(map).to(ScalarType.Float64);

    /// <summary>The indices of the largest scores, rising.</summary>
    private static Tensor Largest(Tensor scores, int count) => scores.topk(count).indexes.sort(0).Values;

    private static void Copy(LinearMap from, LinearMap to, Tensor rows, Tensor columns)
    {
        to.Weight.copy_(from.Weight.index_select(0, rows).index_select(1, columns));
        if (from.Bias is { } bias)
        {
            to.Bias!.copy_(bias.index_select(0, rows));
        }
    }

    private static void Copy(Norm from, Norm to, Tensor channels)
    {
        to.Weight.copy_(from.Weight.index_select(0, channels));
        if (from.Bias is { } bias)
        {
            to.Bias!.copy_(bias.index_select(0, channels));
        }
    }
}
