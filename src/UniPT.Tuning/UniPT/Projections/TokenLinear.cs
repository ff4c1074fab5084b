using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning.UniPT.Projections;

/// <summary>
/// A linear map of every token, <c>[B, N, in] → [B, N, out]</c>. On the cells of maps it is the 1×1 convolution that the
/// reference has there, with a weight of that shape. Products are taken in the type of the tokens; what they give has the
/// weight's.
/// </summary>
internal sealed class TokenLinear : Module
{
    private readonly Tensor _weight;

    /// <summary>Takes <c>weight [out, in]</c>, for maps <c>[out, in, 1, 1]</c>, and <c>bias [out]</c>.</summary>
    public TokenLinear(Weights weights, HiddenLayout layout, long input, long output) : base(weights)
    {
        long[] shape = layout == HiddenLayout.Maps ? [output, input, 1, 1] : [output, input];
        _weight = weights.Parameter("weight", Initializers.FanIn(input), shape);
        Bias = weights.Parameter("bias", Initializers.FanIn(input), output);
    }

    /// <summary>The weight as <c>[out, in]</c>.</summary>
    public Tensor Weight => _weight.flatten(1);

    /// <summary><c>[out]</c>.</summary>
    public Tensor Bias { get; }

    /// <summary>The gradients of weight and bias.</summary>
    public Tensor[] ParameterGradients(Tensor input, Tensor gradient)
    {
        Tensor rows = gradient.flatten(0, 1);
        Tensor products = rows.to(input.dtype).transpose(0, 1).MatMul(input.flatten(0, 1));
        return [products.to(_weight.dtype).view(_weight.shape), rows.sum(0L)];
    }

    /// <summary>The gradient of the input.</summary>
    public Tensor InputGradient(Tensor gradient) => gradient.MatMul(Weight.detach());

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) => DenseProduct.Of(input, Weight.to(input.dtype), Bias.to(input.dtype)).to(_weight.dtype);
}
