namespace UniPT.Torch;

/// <summary>Two-dimensional convolution <c>[B, in, H, W] → [B, out, H', W']</c>, as <c>torch.nn.Conv2d</c>; of another type than the weight as <see cref="Linear"/>.</summary>
public sealed class Conv2d : Module
{
    private readonly Tensor _weight;
    private readonly Tensor? _bias;
    private readonly long _stride;
    private readonly long _padding;
    private readonly long _groups;

    /// <summary>
    /// Takes <c>weight [out, in/groups, kernel, kernel]</c> and <c>bias [out]</c>; the initialiser is for a fresh weight, with
    /// a bias of 0 then, and PyTorch's default where null.
    /// </summary>
    public Conv2d(
        Weights weights, long input, long output, long kernel, long stride = 1, long padding = 0, long groups = 1, bool bias = true, Initializer? initializer = null) : base(weights)
    {
        long fanIn = input / groups * kernel * kernel;
        _weight = weights.Parameter("weight", initializer ?? Initializers.FanIn(fanIn), output, input / groups, kernel, kernel);
        _bias = bias ? weights.Parameter("bias", initializer is null ? Initializers.FanIn(fanIn) : Initializers.Zeros, output) : null;
        (_stride, _padding, _groups) = (stride, padding, groups);
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input)
    {
        Tensor maps = MixedPrecision.Operand(input);
        return maps.dtype == _weight.dtype
            ? Convolved(maps, _weight, _bias)
            : Convolved(maps, _weight.to(maps.dtype), _bias?.to(maps.dtype)).to(_weight.dtype);
    }

    private Tensor Convolved(Tensor maps, Tensor weight, Tensor? bias) =>
        nn.functional.conv2d(maps, weight, bias, [_stride, _stride], [_padding, _padding], groups: _groups);
}
