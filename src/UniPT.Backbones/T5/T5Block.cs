using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Backbones.T5;

/// <summary>
/// A layer of T5: <c>h = x + d(attention(norm(x)))</c>, in the decoder <c>h += d(attention(norm(h), memory))</c>, then <c>y = h + d(feedForward(norm(h)))</c>,
/// where d is dropout in training and nothing has a bias. Only attention among the tokens themselves knows their places.
/// </summary>
internal sealed class T5Block : TransformerBlock
{
    private readonly T5BlockShape _shape;
    private readonly Dropout _dropout;

    /// <summary>Takes <c>layer.0.SelfAttention</c>, in a decoder <c>layer.1.EncDecAttention</c>, and <c>DenseReluDense</c> of the last, each with its <c>layer_norm</c>.</summary>
    public T5Block(Weights weights, T5BlockShape shape, RelativePositions positions) : base(
        Attend(weights / "layer" / 0 / "SelfAttention", shape, positions),
        Norm(weights / "layer" / 0, shape),
        Network(weights / "layer" / shape.Last / "DenseReluDense", shape),
        Norm(weights / "layer" / shape.Last, shape))
    {
        (_shape, _dropout) = (shape, new Dropout(weights, shape.Dropout));
        Weights second = weights / "layer" / 1;
        Cross = shape.Decodes ? new CrossAttention(Attend(second / "EncDecAttention", shape, null), Norm(second, shape)) : null;
    }

    /// <inheritdoc/>
    public override bool NormalisesInputs => true;

    /// <inheritdoc/>
    public override int AttentionWidth(int width) => _shape.Attention * width / _shape.Width;

    /// <summary>The place of a block's table of positions, which the first of a stack has.</summary>
    public static Weights Positions(Weights block) => block / "layer" / 0 / "SelfAttention" / "relative_attention_bias";

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input, Tensor? mask, Tensor? positions, AttentionMemory? memory)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor state = Joined(input, Attention.Forward(AttentionNorm.forward(input), mask));
        if (Cross is { } cross)
        {
            (Tensor tokens, Tensor? hidden) = memory ?? throw new InvalidOperationException("A layer of a decoder needs a memory.");
            state = Joined(state, cross.Attention.Forward(cross.Norm.forward(state), tokens, tokens, hidden));
        }

        return scope.MoveToOuter(Joined(state, FeedForward.forward(FeedForwardNorm.forward(state))));
    }

    /// <inheritdoc/>
    protected override TransformerBlock Make(Weights weights, BlockShape shape, TransformerBlock? first)
    {
        RelativePositions positions = first?.Attention.Positions ?? Attention.Positions!.Like(Positions(weights), shape.Heads, _shape.Start.Up);
        return new T5Block(weights, _shape with { Width = shape.Width, Attention = AttentionWidth(shape.Width), Inner = shape.Inner, Heads = shape.Heads }, positions);
    }

    private Tensor Joined(Tensor residual, Tensor output) => _dropout.forward(output).Add(residual);

    private static MultiHeadAttention Attend(Weights place, T5BlockShape shape, RelativePositions? positions)
    {
        Linear Project(string name, Initializer start) => new(place / name, shape.Width, shape.Attention, bias: false, start);
        return new MultiHeadAttention(
            Project("q", shape.Start.Query), Project("k", shape.Start.Key), Project("v", shape.Start.Key),
            new Linear(place / "o", shape.Attention, shape.Width, bias: false, shape.Start.Output), shape.Heads)
        {
            IsScaled = false,
            Positions = positions,
            Dropout = new Dropout(place, shape.Dropout),
        };
    }

    private static FeedForward Network(Weights place, T5BlockShape shape)
    {
        Linear Widen(string name) => new(place / name, shape.Width, shape.Inner, bias: false, shape.Start.Up);
        return new FeedForward(
            Widen(shape.IsGated ? "wi_0" : "wi"),
            new Linear(place / "wo", shape.Inner, shape.Width, bias: false, shape.Start.Down),
            shape.Activation,
            shape.IsGated ? Widen("wi_1") : null)
        {
            Dropout = new Dropout(place, shape.Dropout),
        };
    }

    private static RmsNorm Norm(Weights layer, T5BlockShape shape) => new(layer / "layer_norm", shape.Width, shape.Epsilon);
}

/// <summary>The sizes and the make of a block.</summary>
/// <param name="Width">Of the tokens.</param>
/// <param name="Attention">Of all heads together.</param>
/// <param name="Inner">Of the feed-forward network's hidden features.</param>
/// <param name="Heads">Of the attentions.</param>
/// <param name="Activation">Of the feed-forward network.</param>
/// <param name="IsGated">Whether that is gated.</param>
/// <param name="Decodes">Whether it looks at a memory.</param>
/// <param name="Epsilon">Of the norms.</param>
/// <param name="Dropout">In training.</param>
/// <param name="Start">How new weights are drawn.</param>
internal sealed record T5BlockShape(
    int Width, int Attention, int Inner, int Heads, Activation Activation, bool IsGated, bool Decodes, double Epsilon, double Dropout, T5Start Start)
{
    /// <summary>The number of the block's last part.</summary>
    public int Last => Decodes ? 2 : 1;
}
