using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Backbones.MobileNet;

/// <summary>
/// Convolution, batch norm with its stored statistics and, if asked for, ReLU6. The two are folded into one where the
/// weights are frozen.
/// </summary>
internal sealed class ConvBatchNorm : LinearMap
{
    private const double Epsilon = 1e-3;
    private readonly Tensor _kernels;
    private readonly Tensor? _bias;
    private readonly BatchNorm? _norm;
    private readonly ConvShape _shape;

    /// <summary>Takes the kernels from one place and the batch norm from another.</summary>
    internal ConvBatchNorm(Weights convolution, Weights norm, ConvShape shape) : base(convolution)
    {
        (Place, _shape) = (convolution, shape);
        long input = shape.Depthwise ? 1 : shape.Input;
        _kernels = convolution.Parameter(
            "weight", Initializers.FanIn(input * shape.Kernel * shape.Kernel), shape.Output, input, shape.Kernel, shape.Kernel);
        if (_kernels.requires_grad)
        {
            _norm = new BatchNorm(norm, shape.Output, Epsilon, frozenStatistics: true);
            return;
        }

        using DisposeScope scope = torch.NewDisposeScope();
        (Tensor kernels, Tensor bias) = BatchNormFolding.Fold(_kernels, norm, Epsilon);
        _kernels = convolution.Replace("weight", kernels.ChannelsLast());
        _bias = norm.Replace("bias", bias);
    }

    /// <inheritdoc/>
    public override long Input => _shape.Input;

    /// <inheritdoc/>
    public override long Output => _shape.Output;

    /// <inheritdoc/>
    public override bool OnMaps => true;

    /// <inheritdoc/>
    public override Tensor Weight => _kernels;

    /// <inheritdoc/>
    public override Tensor? Bias => _bias;

    /// <inheritdoc/>
    protected override Weights Place { get; }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input)
    {
        Tensor output = base.Compute(input);
        if (_shape.Activation)
        {
            output.hardtanh_(Scalars.Of(0), Scalars.Of(6));
        }

        return output;
    }

    /// <inheritdoc/>
    protected override Tensor Map(Tensor input)
    {
        Tensor output = nn.functional.conv2d(
            input,
            Aligned(_kernels),
            _bias,
            [_shape.Stride, _shape.Stride],
            [_shape.Kernel / 2, _shape.Kernel / 2],
            groups: _shape.Depthwise ? _shape.Input : 1);
        return _norm?.forward(output) ?? output;
    }

    /// <summary>
    /// With stride 2 the border of zeros is at the right and the bottom only. Kernels with a row and a column of zeros in
    /// front, and the border all round, are the same without a padded copy of the input.
    /// </summary>
    private Tensor Aligned(Tensor kernels) => _shape.Stride == 2 ? nn.functional.pad(kernels, [1, 0, 1, 0]) : kernels;
}
