using UniPT.Torch;

namespace UniPT.Backbones.Layers;

/// <summary>
/// Scaled dot-product self-attention over several heads, each a contiguous slice of the width (Vaswani et al.,
/// "Attention Is All You Need", 2017). Scale and mask need no scores of their own, and every intermediate tensor goes as
/// soon as it was read.
/// </summary>
public sealed class MultiHeadAttention
{
    /// <summary>With a projection each for queries, keys and values, all of the same width.</summary>
    public MultiHeadAttention(Linear query, Linear key, Linear value, Linear output, int heads) =>
        (Query, Key, Value, Output, HeadCount) = (query, key, value, output, heads);

    /// <summary>With one projection <c>[width → 3·width]</c> that gives queries, keys and values in this order.</summary>
    public MultiHeadAttention(Linear fused, int width, Linear output, int heads)
        : this(fused.Part(0, width), fused.Part(width, width), fused.Part(2 * width, width), output, heads)
    {
    }

    /// <summary>How many heads there are.</summary>
    public int HeadCount { get; }

    /// <summary>The projection to queries.</summary>
    public Linear Query { get; }

    /// <summary>The projection to keys.</summary>
    public Linear Key { get; }

    /// <summary>The projection to values.</summary>
    public Linear Value { get; }

    /// <summary>The projection of the joined heads.</summary>
    public Linear Output { get; }

    /// <summary>
    /// Gives keys and values, both <c>[P, width]</c>, that every query sees before those of the tokens; null for none.
    /// </summary>
    public Func<(Tensor Keys, Tensor Values)>? Prefix { get; set; }

    /// <summary>Attends, <c>[B, N, D] → [B, N, D']</c>.</summary>
    /// <param name="input">What queries, keys and values are made of.</param>
    /// <param name="mask">Added to the scores; broadcasts to <c>[B·heads, N, N]</c>.</param>
    public Tensor Forward(Tensor input, Tensor? mask = null)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Tensor Keys, Tensor Values)? prefix = Prefix?.Invoke();
        Tensor weights = Weights(input, mask, prefix?.Keys);
        Tensor value = Heads(Value.forward(input), prefix?.Values);
        Tensor context = weights.bmm(value);
        weights.Dispose();
        value.Dispose();
        return scope.MoveToOuter(Output.forward(Joined(context, input)));
    }

    /// <summary>The attention weights <c>[B·heads, N, P + N]</c>.</summary>
    private Tensor Weights(Tensor input, Tensor? mask, Tensor? prefix)
    {
        using Tensor scores = Scores(input, prefix is null || mask is null ? mask : nn.functional.pad(mask, [prefix.size(0), 0]), prefix);
        return scores.softmax(-1);
    }

    private Tensor Scores(Tensor input, Tensor? mask, Tensor? prefix)
    {
        using Tensor query = Heads(Query.forward(input));
        using Tensor key = Heads(Key.forward(input), prefix);
        using Tensor transposed = key.transpose(1, 2);
        double scale = 1 / Math.Sqrt(query.size(-1));
        if (mask is not null)
        {
            return MatrixProduct.AddBatched(mask, query, transposed, scale);
        }

        query.mul_(Scalars.Of(scale));
        return query.bmm(transposed);
    }

    /// <summary>Queries, keys or values of every head, after those of a prefix: <c>[B·heads, P + N, D/heads]</c>.</summary>
    private Tensor Heads(Tensor projected, Tensor? prefix = null)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Tensor owned = projected;
        (long batch, long width) = (projected.size(0), projected.size(-1));
        Tensor all = prefix is null ? projected : torch.cat([prefix.unsqueeze(0).expand(batch, prefix.size(0), width), projected], 1);
        long tokens = all.size(1);
        return scope.MoveToOuter(all.view(batch, tokens, HeadCount, width / HeadCount).transpose(1, 2).reshape(batch * HeadCount, tokens, -1));
    }

    /// <summary>The heads side by side, <c>[B, N, D]</c>.</summary>
    private Tensor Joined(Tensor context, Tensor input) =>
        context.view(input.size(0), HeadCount, input.size(1), -1).transpose(1, 2).flatten(2);
}
