using UniPT.Torch;

namespace UniPT.Backbones.Layers;

/// <summary>A Transformer layer: attention and a feed-forward network, each with a norm and a residual, in a decoder with an attention to a memory in between.</summary>
/// <param name="attention">The attention.</param>
/// <param name="attentionNorm">Its norm.</param>
/// <param name="feedForward">The feed-forward network.</param>
/// <param name="feedForwardNorm">Its norm.</param>
public abstract class TransformerBlock(
    MultiHeadAttention attention, Norm attentionNorm, FeedForward feedForward, Norm feedForwardNorm)
{
    // Of CLIP ViT-B/32 half as many take a tenth more time, all tokens of 96 pictures hardly less than these.
    private const long TokensAtOnce = 2048;

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

    /// <summary>The attention's norm.</summary>
    public Norm AttentionNorm { get; } = attentionNorm;

    /// <summary>A decoder's attention to a memory; null for others.</summary>
    public CrossAttention? Cross { get; init; }

    /// <summary>The feed-forward network.</summary>
    public FeedForward FeedForward { get; } = feedForward;

    /// <summary>The feed-forward network's norm.</summary>
    public Norm FeedForwardNorm { get; } = feedForwardNorm;

    /// <summary>Whether the norms are applied to what goes in, and not to what comes out with the residual.</summary>
    public abstract bool NormalisesInputs { get; }

    /// <summary>Width of all heads of the attention of a layer of the same make whose tokens have a width.</summary>
    public virtual int AttentionWidth(int width) => width;

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
        if (FeedForward.Gate is { } gate)
        {
            linears.Add(LinearRole.Gate, gate);
        }

        if (Cross is { Attention: { } cross })
        {
            linears.Add(LinearRole.CrossQuery, cross.Query);
            linears.Add(LinearRole.CrossKey, cross.Key);
            linears.Add(LinearRole.CrossValue, cross.Value);
            linears.Add(LinearRole.CrossOutput, cross.Output);
        }

        return new BackboneBlock(name, weights, linears, this);
    }

    /// <summary>
    /// The layer, <c>[B, N, D] → [B, N, D']</c>. Where nothing is recorded a few examples run at a time, so that what is made in between,
    /// many times what comes out, stays small.
    /// </summary>
    /// <param name="input">The tokens.</param>
    /// <param name="mask">Added to the attention scores; <c>[1 or B·heads, 1 or N, N]</c>.</param>
    /// <param name="positions">Added to what queries and keys are made of, not to what values are, <c>[1 or B, N, D]</c>; null for nothing.</param>
    /// <param name="memory">What a decoder's layer looks at; null for others.</param>
    public Tensor Forward(Tensor input, Tensor? mask = null, Tensor? positions = null, AttentionMemory? memory = null)
    {
        (long batch, long together) = (input.size(0), Math.Max(1, TokensAtOnce / Math.Max(1, input.size(1))));
        if (torch.is_grad_enabled() || batch <= together)
        {
            return Compute(input, mask, positions, memory);
        }

        using DisposeScope scope = torch.NewDisposeScope();
        Tensor? output = null;
        for (long start = 0; start < batch; start += together)
        {
            using DisposeScope part = torch.NewDisposeScope();
            long count = Math.Min(together, batch - start);
            Tensor found = Compute(
                input.narrow(0, start, count),
                AttentionMask.Rows(mask, batch, start, count),
                positions?.size(0) > 1 ? positions.narrow(0, start, count) : positions,
                memory?.Rows(start, count));
            output ??= part.MoveToOuter(torch.empty([batch, .. found.shape[1..]], dtype: found.dtype, device: found.device));
            output.narrow(0, start, count).copy_(found);
        }

        return scope.MoveToOuter(output!);
    }

    /// <summary>A new layer of the same make in another size, named as in the constructor from weights.</summary>
    /// <param name="weights">Where its weights stand.</param>
    /// <param name="width">Of the tokens.</param>
    /// <param name="inner">Of the feed-forward network's hidden features.</param>
    /// <param name="heads">Of the attention.</param>
    /// <param name="first">The first of these new layers, whose tables of positions the others share; null for that one.</param>
    public TransformerBlock Resized(Weights weights, int width, int inner, int heads, TransformerBlock? first = null) =>
        Make(weights, new BlockShape(width, inner, heads, FeedForward.Activation, AttentionNorm.Epsilon), first);

    /// <summary>The layer of all examples at once, shaped as in <see cref="Forward"/>.</summary>
    protected abstract Tensor Compute(Tensor input, Tensor? mask, Tensor? positions, AttentionMemory? memory);

    /// <summary>What the attention makes of tokens with their positions, shaped as in <see cref="Forward"/>.</summary>
    protected Tensor Attended(Tensor tokens, Tensor? mask, Tensor? positions)
    {
        if (positions is null)
        {
            return Attention.Forward(tokens, mask);
        }

        using Tensor placed = tokens.Add(positions);
        return Attention.Forward(placed, placed, tokens, mask);
    }

    /// <summary>A layer of the same kind.</summary>
    protected abstract TransformerBlock Make(Weights weights, BlockShape shape, TransformerBlock? first);

    private static MultiHeadAttention Attend(Weights weights, BlockShape shape)
    {
        Linear Project(string name) => new(weights / name, shape.Width, shape.Width);
        return new MultiHeadAttention(Project("query"), Project("key"), Project("value"), Project("output"), shape.Heads);
    }
}

/// <summary>The sizes of a Transformer layer.</summary>
/// <param name="Width">Of the tokens.</param>
/// <param name="Inner">Of the feed-forward network's hidden features.</param>
/// <param name="Heads">Of the attention; they divide the width.</param>
/// <param name="Activation">Of the feed-forward network.</param>
/// <param name="Epsilon">Of the layer norms.</param>
public sealed record BlockShape(int Width, int Inner, int Heads, Activation Activation = Activation.Gelu, double Epsilon = 1e-12);
