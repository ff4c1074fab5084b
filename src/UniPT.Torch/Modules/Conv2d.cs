namespace UniPT.Torch;

/// <summary>Two-dimensional convolution <c>[B, in, H, W] → [B, out, H', W']</c>, as <c>torch.nn.Conv2d</c>.</summary>
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
    protected override Tensor Compute(Tensor input) => nn.functional.conv2d(
        input, _weight, _bias, [_stride, _stride], [_padding, _padding], groups: _groups);
}
