namespace UniPT.Torch;

/// <summary>One-dimensional convolution <c>[B, in, N] → [B, out, N']</c>, as <c>torch.nn.Conv1d</c>; of another type than the weight as <see cref="Linear"/>.</summary>
public sealed class Conv1d : Module
{
    private readonly Tensor _weight;
    private readonly Tensor _bias;
    private readonly long _stride;
    private readonly long _padding;

    /// <summary>Takes <c>weight [out, in, kernel]</c> and <c>bias [out]</c>.</summary>
    public Conv1d(Weights weights, long input, long output, long kernel, long stride = 1, long padding = 0) : base(weights)
    {
        _weight = weights.Parameter("weight", Initializers.FanIn(input * kernel), output, input, kernel);
        _bias = weights.Parameter("bias", Initializers.FanIn(input * kernel), output);
        (_stride, _padding) = (stride, padding);
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input)
    {
        Tensor steps = MixedPrecision.Operand(input);
        return steps.dtype == _weight.dtype
            ? Convolved(steps, _weight, _bias)
            : Convolved(steps, _weight.to(steps.dtype), _bias.to(steps.dtype)).to(_weight.dtype);
    }

    private Tensor Convolved(Tensor steps, Tensor weight, Tensor bias) => nn.functional.conv1d(steps, weight, bias, _stride, _padding);
}
