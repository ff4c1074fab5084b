using UniPT.Torch;

namespace UniPT.Backbones.Layers;

/// <summary>
/// A Transformer layer that normalises what goes into its two parts:
/// <c>h = r(x) + attention(LN(x))</c>, <c>y = h + feedForward(LN(h))</c>.
/// </summary>
/// <param name="attentionNorm">The first LN.</param>
/// <param name="attention">The attention.</param>
/// <param name="feedForwardNorm">The second LN.</param>
/// <param name="feedForward">The feed-forward network.</param>
/// <param name="residual">r, where the attention changes the width; the identity where null.</param>
public sealed class PreNormBlock(
    LayerNorm attentionNorm, MultiHeadAttention attention, LayerNorm feedForwardNorm, FeedForward feedForward, Linear? residual = null)
{
    /// <summary>Where methods may reach inside.</summary>
    public BackboneBlock Points(string name, Weights weights) => BackboneBlock.Of(name, weights, attention, feedForward);

    /// <summary>The layer, <c>[B, N, D] → [B, N, D']</c>.</summary>
    /// <param name="input">The tokens.</param>
    /// <param name="mask">Added to the attention scores; broadcasts to <c>[B·heads, N, N]</c>.</param>
    public Tensor Forward(Tensor input, Tensor? mask = null)
    {
        using Tensor attended = Attend(input, mask);
        return Transform(attended);
    }

    /// <summary>The first half, h.</summary>
    internal Tensor Attend(Tensor input, Tensor? mask)
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor attended = attention.Forward(attentionNorm.Forward(input), mask);
        attended.Add_(residual?.Forward(input) ?? input);
        return scope.HandOut(attended);
    }

    /// <summary>The second half, y.</summary>
    internal Tensor Transform(Tensor attended)
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor output = feedForward.Forward(feedForwardNorm.Forward(attended));
        output.Add_(attended);
        return scope.HandOut(output);
    }
}
