using UniPT.Torch;

namespace UniPT.Backbones.Layers;

/// <summary>
/// A Transformer layer that normalises what comes out of its two parts:
/// <c>h = LN(x + dropout(attention(x)))</c>, <c>y = LN(h + dropout(feedForward(h)))</c>.
/// </summary>
public sealed class PostNormBlock : TransformerBlock
{
    private readonly Dropout? _dropout;

    /// <summary>Of its parts.</summary>
    /// <param name="attention">The attention.</param>
    /// <param name="attentionNorm">The first LN.</param>
    /// <param name="feedForward">The feed-forward network.</param>
    /// <param name="feedForwardNorm">The second LN.</param>
    /// <param name="dropout">Of what both parts give; null for none.</param>
    public PostNormBlock(
        MultiHeadAttention attention, LayerNorm attentionNorm, FeedForward feedForward, LayerNorm feedForwardNorm, Dropout? dropout = null)
        : base(attention, attentionNorm, feedForward, feedForwardNorm) => _dropout = dropout;

    /// <inheritdoc cref="TransformerBlock(Weights, BlockShape)"/>
    public PostNormBlock(Weights weights, BlockShape shape) : base(weights, shape)
    {
    }

    /// <inheritdoc/>
    public override bool NormalisesInputs => false;

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input, Tensor? mask, Tensor? positions, AttentionMemory? memory)
    {
        using Tensor attended = Attend(input, mask, positions);
        return Transform(attended);
    }

    /// <inheritdoc/>
    protected override TransformerBlock Make(Weights weights, BlockShape shape, TransformerBlock? first) => new PostNormBlock(weights, shape);

    /// <summary>The first half, h.</summary>
    internal Tensor Attend(Tensor input, Tensor? mask, Tensor? positions) => Joined(Attended(input, mask, positions), input, AttentionNorm);

    /// <summary>The second half, y.</summary>
    internal Tensor Transform(Tensor attended) => Joined(FeedForward.forward(attended), attended, FeedForwardNorm);

    /// <summary>What a part gives, with dropout and the residual, normalised; what it gives is freed.</summary>
    internal Tensor Joined(Tensor output, Tensor residual, Norm norm)
    {
        using Tensor given = output;
        using Tensor sum = _dropout is { Rate: > 0 } ? _dropout.forward(given) : given.alias();
        sum.Add_(residual);
        return norm.forward(sum);
    }
}
