using UniPT.Torch;

namespace UniPT.Backbones.Layers;

/// <summary>
/// A Transformer layer that normalises what goes into its two parts:
/// <c>h = r(x) + attention(LN(x))</c>, <c>y = h + feedForward(LN(h))</c>.
/// </summary>
public sealed class PreNormBlock : TransformerBlock
{
    private readonly Linear? _residual;

    /// <summary>Of its parts.</summary>
    /// <param name="attentionNorm">The first LN.</param>
    /// <param name="attention">The attention.</param>
    /// <param name="feedForwardNorm">The second LN.</param>
    /// <param name="feedForward">The feed-forward network.</param>
    /// <param name="residual">r, where the attention changes the width; the identity where null.</param>
    public PreNormBlock(
        LayerNorm attentionNorm, MultiHeadAttention attention, LayerNorm feedForwardNorm, FeedForward feedForward, Linear? residual = null)
        : base(attention, attentionNorm, feedForward, feedForwardNorm) => _residual = residual;

    /// <inheritdoc cref="TransformerBlock(Weights, BlockShape)"/>
    public PreNormBlock(Weights weights, BlockShape shape) : base(weights, shape)
    {
    }

    /// <inheritdoc/>
    public override bool NormalisesInputs => true;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, Tensor? mask = null)
    {
        using Tensor attended = Attend(input, mask);
        return Transform(attended);
    }

    /// <summary>The first half, h.</summary>
    internal Tensor Attend(Tensor input, Tensor? mask)
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor attended = Attention.Forward(AttentionNorm.Forward(input), mask);
        attended.Add_(_residual?.Forward(input) ?? input);
        return scope.HandOut(attended);
    }

    /// <summary>The second half, y.</summary>
    internal Tensor Transform(Tensor attended)
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor output = FeedForward.Forward(FeedForwardNorm.Forward(attended));
        output.Add_(attended);
        return scope.HandOut(output);
    }

    /// <inheritdoc/>
    protected override TransformerBlock Make(Weights weights, BlockShape shape) => new PreNormBlock(weights, shape);
}
