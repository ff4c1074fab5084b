using UniPT.Torch;

namespace UniPT.Backbones.Layers;

/// <summary>A Transformer layer: attention and a feed-forward network, each with a layer norm and a residual.</summary>
/// <param name="attention">The attention.</param>
/// <param name="attentionNorm">Its layer norm.</param>
/// <param name="feedForward">The feed-forward network.</param>
/// <param name="feedForwardNorm">Its layer norm.</param>
public abstract class TransformerBlock(
    MultiHeadAttention attention, LayerNorm attentionNorm, FeedForward feedForward, LayerNorm feedForwardNorm)
{
    /// <summary>Takes <c>attention.{query, key, value, output}</c>, <c>attention_norm</c>, <c>up</c>, <c>down</c> and <c>feed_forward_norm</c>.</summary>
    protected TransformerBlock(Weights weights, BlockShape shape) : this(
        Attend(weights / "attention", shape),
        new LayerNorm(weights / "attention_norm", shape.Width, shape.Epsilon),
        new FeedForward(new Linear(weights / "up", shape.Width, shape.Inner), new Linear(weights / "down", shape.Inner, shape.Width), shape.Activation),
        new LayerNorm(weights / "feed_forward_norm", shape.Width, shape.Epsilon))
    {
    }

    /// <summary>The attention.</summary>
    public MultiHeadAttention Attention { get; } = attention;

    /// <summary>The attention's layer norm.</summary>
    public LayerNorm AttentionNorm { get; } = attentionNorm;

    /// <summary>The feed-forward network.</summary>
    public FeedForward FeedForward { get; } = feedForward;

    /// <summary>The feed-forward network's layer norm.</summary>
    public LayerNorm FeedForwardNorm { get; } = feedForwardNorm;

    /// <summary>Whether the norms are applied to what goes in, and not to what comes out with the residual.</summary>
    public abstract bool NormalisesInputs { get; }

    /// <summary>Where methods may reach inside.</summary>
    public BackboneBlock Points(string name, Weights weights)
    {
        var linears = new Dictionary<LinearRole, LinearMap>
        {
            [LinearRole.Query] = Attention.Query,
            [LinearRole.Key] = Attention.Key,
            [LinearRole.Value] = Attention.Value,
            [LinearRole.Output] = Attention.Output,
            [LinearRole.Up] = FeedForward.Up,
            [LinearRole.Down] = FeedForward.Down,
        };
        return new BackboneBlock(name, weights, linears, this);
    }

    /// <summary>The layer, <c>[B, N, D] → [B, N, D']</c>.</summary>
    /// <param name="input">The tokens.</param>
    /// <param name="mask">Added to the attention scores; broadcasts to <c>[B·heads, N, N]</c>.</param>
    public abstract Tensor Forward(Tensor input, Tensor? mask = null);

    /// <summary>A new layer of the same make in another size, named as in the constructor from weights.</summary>
    public TransformerBlock Resized(Weights weights, int width, int inner, int heads) =>
        Make(weights, new BlockShape(width, inner, heads, FeedForward.Activation, AttentionNorm.Epsilon));

    /// <summary>A layer of the same kind.</summary>
    protected abstract TransformerBlock Make(Weights weights, BlockShape shape);

    private static MultiHeadAttention Attend(Weights weights, BlockShape shape)
    {
        Linear Project(string name) => new(weights / name, shape.Width, shape.Width);
        return new MultiHeadAttention(Project("query"), Project("key"), Project("value"), Project("output"), shape.Heads);
    }
}
