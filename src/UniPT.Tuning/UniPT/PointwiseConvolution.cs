using UniPT.Torch;

namespace UniPT.Tuning.UniPT;

/// <summary>A 1×1 convolution on the cells of a map, <c>[…, in] → […, out]</c>; its weight has the convolution's shape.</summary>
internal sealed class PointwiseConvolution : Module
{
    private readonly Tensor _weight;
    private readonly Tensor _bias;

    /// <summary>Takes <c>weight [out, in, 1, 1]</c> and <c>bias [out]</c>.</summary>
    public PointwiseConvolution(Weights weights, long input, long output)
    {
        _weight = weights.Parameter("weight", Initializers.FanIn(input), output, input, 1, 1);
        _bias = weights.Parameter("bias", Initializers.FanIn(input), output);
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) => input.Linear(_weight.Flatten(1), _bias);
}
