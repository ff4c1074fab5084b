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
    protected override Tensor Compute(Tensor input, Tensor? mask, Tensor? positions, AttentionMemory? memory)
    {
        using Tensor attended = Attend(input, mask, positions);
        return Transform(attended);
    }

    /// <summary>The first half, h.</summary>
    internal Tensor Attend(Tensor input, Tensor? mask, Tensor? positions = null)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor attended = Attended(AttentionNorm.forward(input), mask, positions);
        attended.Add_(_residual?.forward(input) ?? input);
        return scope.MoveToOuter(attended);
    }

    /// <summary>The second half, y.</summary>
    internal Tensor Transform(Tensor attended)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor output = FeedForward.forward(FeedForwardNorm.forward(attended));
        output.Add_(attended);
        return scope.MoveToOuter(output);
    }

    /// <inheritdoc/>
    protected override TransformerBlock Make(Weights weights, BlockShape shape, TransformerBlock? first) => new PreNormBlock(weights, shape);
}
