using UniPT.Torch;

namespace UniPT.Backbones.Layers;

/// <summary>
/// A Transformer layer that normalises what comes out of its two parts:
/// <c>h = LN(x + attention(x))</c>, <c>y = LN(h + feedForward(h))</c>.
/// </summary>
/// <param name="attention">The attention.</param>
/// <param name="attentionNorm">The first LN.</param>
/// <param name="feedForward">The feed-forward network.</param>
/// <param name="feedForwardNorm">The second LN.</param>
public sealed class PostNormBlock(
    MultiHeadAttention attention, LayerNorm attentionNorm, FeedForward feedForward, LayerNorm feedForwardNorm)
{
    /// <summary>Where methods may reach inside.</summary>
    public BackboneBlock Points(string name, Weights weights) => BackboneBlock.Of(name, weights, attention, feedForward);

    /// <summary>The layer, <c>[B, N, D] → [B, N, D]</c>.</summary>
    /// <param name="input">The tokens.</param>
    /// <param name="mask">Added to the attention scores; broadcasts to <c>[B·heads, N, N]</c>.</param>
    public Tensor Forward(Tensor input, Tensor? mask = null)
    {
        using Tensor attended = Joined(attention.Forward(input, mask), input, attentionNorm);
        return Joined(feedForward.Forward(attended), attended, feedForwardNorm);
    }

    private static Tensor Joined(Tensor output, Tensor residual, LayerNorm norm)
    {
        using Tensor sum = output;
        sum.Add_(residual);
        return norm.Forward(sum);
    }
}
