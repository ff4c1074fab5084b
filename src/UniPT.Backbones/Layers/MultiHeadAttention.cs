using UniPT.Torch;

namespace UniPT.Backbones.Layers;

/// <summary>
/// Scaled dot-product self-attention over several heads, each a contiguous slice of the width (Vaswani et al.,
/// "Attention Is All You Need", 2017). Scale and mask need no scores of their own, and every intermediate tensor goes as
/// soon as it was read.
/// </summary>
public sealed class MultiHeadAttention
{
    private readonly Func<Tensor, int, Tensor> _project;
    private readonly Linear _output;
    private readonly int _heads;

    /// <summary>With a projection each for queries, keys and values, all of the same width.</summary>
    public MultiHeadAttention(Linear query, Linear key, Linear value, Linear output, int heads)
    {
        Linear[] projections = [query, key, value];
        _project = (input, part) => projections[part].Forward(input);
        (_output, _heads) = (output, heads);
    }

    /// <summary>With one projection <c>[width → 3·width]</c> that gives queries, keys and values in this order.</summary>
    public MultiHeadAttention(Linear fused, int width, Linear output, int heads)
    {
        _project = (input, part) => fused.Forward(input, part * width, width);
        (_output, _heads) = (output, heads);
    }

    /// <summary>Attends, <c>[B, N, D] → [B, N, D']</c>.</summary>
    /// <param name="input">What queries, keys and values are made of.</param>
    /// <param name="mask">Added to the scores; broadcasts to <c>[B·heads, N, N]</c>.</param>
    public Tensor Forward(Tensor input, Tensor? mask = null)
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor weights = Weights(input, mask);
        Tensor value = Heads(input, 2);
        Tensor context = weights.Bmm(value);
        weights.Dispose();
        value.Dispose();
        return scope.HandOut(_output.Forward(Joined(context, input)));
    }

    /// <summary>The attention weights <c>[B·heads, N, N]</c>.</summary>
    private Tensor Weights(Tensor input, Tensor? mask)
    {
        using Tensor scores = Scores(input, mask);
        return scores.Softmax(-1);
    }

    private Tensor Scores(Tensor input, Tensor? mask)
    {
        using Tensor query = Heads(input, 0);
        using Tensor key = Heads(input, 1);
        using Tensor transposed = key.Transpose(1, 2);
        double scale = 1 / Math.Sqrt(query.Size(-1));
        if (mask is not null)
        {
            return mask.Baddbmm(query, transposed, scale);
        }

        query.Mul_(scale);
        return query.Bmm(transposed);
    }

    /// <summary>Queries, keys or values of every head, <c>[B·heads, N, D/heads]</c>.</summary>
    private Tensor Heads(Tensor input, int part)
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor projected = _project(input, part);
        long tokens = input.Size(1);
        return scope.HandOut(projected.View(-1, tokens, _heads, projected.Size(-1) / _heads).Transpose(1, 2).Reshape(input.Size(0) * _heads, tokens, -1));
    }

    /// <summary>The heads side by side, <c>[B, N, D]</c>.</summary>
    private Tensor Joined(Tensor context, Tensor input) =>
        context.View(input.Size(0), _heads, input.Size(1), -1).Transpose(1, 2).Flatten(2);
}
