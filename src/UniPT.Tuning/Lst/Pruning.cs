using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Tuning.Lst;

/// <summary>
/// Makes side layers of a backbone's layers: of every map the rows that matter most, and of its columns those that the map
/// before it kept (structured pruning as in LST; the residual stream is not kept consistent there either). The first columns
/// are those that the first layer's queries, keys and values weigh most, since not every backbone has a table of embeddings.
/// </summary>
internal static class Pruning
{
    /// <summary>Walks all layers of the backbone in order; those without a side layer only hand on what is kept.</summary>
    /// <param name="layers">The backbone's layers, each with its side layer.</param>
    /// <param name="width">Channels of the side network.</param>
    /// <param name="inner">Hidden features of its feed-forward networks.</param>
    /// <param name="importance">How much each weight of a map matters, at least 0, in the weight's shape.</param>
    public static void Start(
        IReadOnlyList<(TransformerBlock Host, TransformerBlock? Side)> layers, int width, int inner, Func<LinearMap, Tensor> importance)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        Tensor kept = Largest(Joint(layers[0].Host.Attention, importance).sum(0L), width);
        foreach ((TransformerBlock host, TransformerBlock? side) in layers)
        {
            kept = Prune(host, side, kept, width, inner, importance);
        }
    }

    private static Tensor Prune(TransformerBlock host, TransformerBlock? side, Tensor kept, int width, int inner, Func<LinearMap, Tensor> importance)
    {
        (MultiHeadAttention attention, FeedForward network) = (host.Attention, host.FeedForward);
        Tensor heads = Largest(Joint(attention, importance).index_select(1, kept).sum(1), width);
        Tensor attended = Rows(attention.Output, heads, width, importance);
        Tensor hidden = Rows(network.Up, attended, inner, importance);
        Tensor transformed = Rows(network.Down, hidden, width, importance);
        if (side is not null)
        {
            Copy(attention.Query, side.Attention.Query, heads, kept);
            Copy(attention.Key, side.Attention.Key, heads, kept);
            Copy(attention.Value, side.Attention.Value, heads, kept);
            Copy(attention.Output, side.Attention.Output, attended, heads);
            Copy(network.Up, side.FeedForward.Up, hidden, attended);
            Copy(network.Down, side.FeedForward.Down, transformed, hidden);
            Copy(host.AttentionNorm, side.AttentionNorm, host.NormalisesInputs ? kept : attended);
            Copy(host.FeedForwardNorm, side.FeedForwardNorm, host.NormalisesInputs ? attended : transformed);
        }

        return transformed;
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
