using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning.UniPT;

/// <summary>
/// A linear map of every token, <c>[B, N, in] → [B, N, out]</c>. On the cells of maps it is the 1×1 convolution that the
/// reference has there, with a weight of that shape.
/// </summary>
internal sealed class TokenLinear : Module
{
    private readonly Tensor _weight;
    private readonly Tensor _bias;

    /// <summary>Takes <c>weight [out, in]</c>, for maps <c>[out, in, 1, 1]</c>, and <c>bias [out]</c>.</summary>
    public TokenLinear(Weights weights, HiddenLayout layout, long input, long output)
    {
        long[] shape = layout == HiddenLayout.Maps ? [output, input, 1, 1] : [output, input];
        _weight = weights.Parameter("weight", Initializers.FanIn(input), shape);
        _bias = weights.Parameter("bias", Initializers.FanIn(input), output);
    }

    /// <summary>The gradients of weight and bias.</summary>
    public Tensor[] ParameterGradients(Tensor input, Tensor gradient)
    {
        Tensor rows = gradient.Flatten(0, 1);
        return [rows.Transpose(0, 1).MatMul(input.Flatten(0, 1)).View(_weight.Shape), rows.Sum(0)];
    }

    /// <summary>The gradient of the input.</summary>
    public Tensor InputGradient(Tensor gradient) => gradient.MatMul(_weight.Detach().Flatten(1));

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) => input.Linear(_weight.Flatten(1), _bias);
}
