using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Backbones.MobileNet;

/// <summary>
/// Convolution, batch norm with its stored statistics and, if asked for, ReLU6. The two are folded into one where the
/// weights are frozen.
/// </summary>
internal sealed class ConvBatchNorm : Module
{
    private const double Epsilon = 1e-3;
    private readonly Tensor _kernels;
    private readonly Tensor? _bias;
    private readonly BatchNorm? _norm;
    private readonly ConvShape _shape;

    /// <summary>Takes the kernels from one place and the batch norm from another.</summary>
    internal ConvBatchNorm(Weights convolution, Weights norm, ConvShape shape)
    {
        _shape = shape;
        long input = shape.Depthwise ? 1 : shape.Input;
        _kernels = convolution.Parameter(
            "weight", Initializers.FanIn(input * shape.Kernel * shape.Kernel), shape.Output, input, shape.Kernel, shape.Kernel);
        if (_kernels.RequiresGrad)
        {
            _norm = new BatchNorm(norm, shape.Output, Epsilon, frozenStatistics: true);
            return;
        }

        using TensorScope scope = TensorScope.Begin();
        (Tensor kernels, Tensor bias) = BatchNormFolding.Fold(_kernels, norm, Epsilon);
        _kernels = convolution.Replace("weight", Aligned(kernels).ChannelsLast());
        _bias = norm.Replace("bias", bias);
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input)
    {
        Tensor kernels = _kernels.RequiresGrad ? Aligned(_kernels) : _kernels;
        Tensor output = input.Conv2d(kernels, _bias, _shape.Stride, _shape.Kernel / 2, _shape.Depthwise ? _shape.Input : 1);
        output = _norm?.Forward(output) ?? output;
        if (_shape.Activation)
        {
            output.Hardtanh_(0, 6);
        }

        return output;
    }

    /// <summary>
    /// With stride 2 the border of zeros is at the right and the bottom only. Kernels with a row and a column of zeros in
    /// front, and the border all round, are the same without a padded copy of the input.
    /// </summary>
    private Tensor Aligned(Tensor kernels) => _shape.Stride == 2 ? kernels.Pad([1, 0, 1, 0]) : kernels;
}
