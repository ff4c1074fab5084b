using UniPT.Torch;

namespace UniPT.Backbones.Layers;

/// <summary>
/// Dot-product attention over several heads, each a contiguous slice of the width (Vaswani et al., "Attention Is All You Need", 2017), to
/// the tokens themselves or to others, in libtorch's fused form: neither scores nor weights <c>[B·heads, N, M]</c> are ever there as a whole.
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

    /// <summary>Leaves weights out at random while training; null for none.</summary>
    public Dropout? Dropout { get; init; }

    /// <summary>Whether scores are divided by the root of a head's width, as everywhere but in T5.</summary>
    public bool IsScaled { get; init; } = true;

    /// <summary>What is added to the scores for the places of queries and keys; null for nothing.</summary>
    public RelativePositions? Positions { get; init; }

    /// <summary>
    /// Gives keys and values, both <c>[P, width]</c>, that every query sees before those of the tokens; null for none.
    /// </summary>
    public Func<(Tensor Keys, Tensor Values)>? Prefix { get; set; }

    /// <summary>Attends to itself, <c>[B, N, D] → [B, N, D']</c>.</summary>
    /// <param name="input">What queries, keys and values are made of.</param>
    /// <param name="mask">Added to the scores; <c>[1 or B·heads, 1 or N, N]</c>.</param>
    public Tensor Forward(Tensor input, Tensor? mask = null) => Forward(input, input, input, mask);

    /// <summary>Attends to other tokens, or to its own by other features than are gathered, <c>[B, N, D] → [B, N, D']</c>.</summary>
    /// <param name="queries">What queries are made of, <c>[B, N, D]</c>.</param>
    /// <param name="keys">What keys are made of, <c>[B, M, D]</c>.</param>
    /// <param name="values">What values are made of, <c>[B, M, D]</c>.</param>
    /// <param name="mask">Added to the scores; <c>[1 or B·heads, 1 or N, M]</c>; null for nothing.</param>
    public Tensor Forward(Tensor queries, Tensor keys, Tensor values, Tensor? mask)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(Output.forward(Attend(queries, keys, values, mask)));
    }

    /// <summary>The joined heads, <c>[B, N, D]</c>.</summary>
    private Tensor Attend(Tensor queries, Tensor keys, Tensor values, Tensor? mask)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Tensor Keys, Tensor Values)? prefix = Prefix?.Invoke();
        Tensor query = Heads(Query.forward(queries));
        Tensor key = Heads(Key.forward(keys), prefix?.Keys);
        Tensor value = Heads(Value.forward(values), prefix?.Values);
        if (!IsScaled)
        {
            // The fused form divides by this.
            query *= Scalars.Of(Math.Sqrt(query.size(-1)));
        }

        Tensor? bias = Bias(mask, queries.size(1), keys.size(1), query.dtype);
        Tensor context = nn.functional.scaled_dot_product_attention(
            query, key, value, bias is null || prefix is null ? bias : nn.functional.pad(bias, [prefix.Value.Keys.size(0), 0]), Dropout?.Rate ?? 0);
        return scope.MoveToOuter(context.transpose(1, 2).flatten(2));
    }

    /// <summary>What is added to the scores by head, in their type: <c>[1 or B, 1 or heads, 1 or N, M]</c>; null for nothing.</summary>
    private Tensor? Bias(Tensor? mask, long queries, long keys, ScalarType type)
    {
        Tensor? hidden = mask?.view(-1, mask.size(0) == 1 ? 1 : HeadCount, mask.size(1), mask.size(2)).to(type);
        Tensor? placed = Positions?.Forward(queries, keys).to(type);
        return hidden is null ? placed : placed is null ? hidden : placed.Add(hidden);
    }

    /// <summary>Queries, keys or values by head, after those of a prefix: <c>[B, heads, P + N, D/heads]</c>.</summary>
    private Tensor Heads(Tensor projected, Tensor? prefix = null)
    {
        (long batch, long width) = (projected.size(0), projected.size(-1));
        Tensor all = prefix is null ? projected : torch.cat([prefix.unsqueeze(0).expand(batch, prefix.size(0), width), projected], 1);
        return all.view(batch, all.size(1), HeadCount, width / HeadCount).transpose(1, 2);
    }
}
