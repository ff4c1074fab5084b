using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Backbones.ResNet;

/// <summary>
/// A residual block under torchvision's names: two 3×3 convolutions, or a bottleneck of 1×1, 3×3 in groups and 1×1, whose sum with
/// the input, projected where the shapes differ, goes through a ReLU (He et al., "Deep Residual Learning", CVPR 2016; Xie et al.,
/// ResNeXt, CVPR 2017). The stride is in the first 3×3, or averages behind it.
/// </summary>
internal sealed class ResNetBlock : Module
{
    private readonly Weights _weights;
    private readonly ConvBatchNorm[] _convolutions;
    private readonly ConvBatchNorm? _shortcut;
    private readonly int _groups;

    /// <summary>Height and width of the squares that are averaged; 1 for none.</summary>
    private readonly long _averaged = 1;

    /// <summary>Takes <c>conv1, bn1, …</c> and, where input and output differ, <c>downsample.0</c> and <c>.1</c>.</summary>
    internal ResNetBlock(Weights weights, ResNetConfig config, int stage, int input, int stride) : base(weights)
    {
        (_weights, _groups) = (weights, config.Groups);
        (int inner, int output) = (config.Inner[stage], config.Widths[stage]);
        bool projects = stride != 1 || input != output;
        if (config.AveragesStrides)
        {
            (_averaged, stride) = (stride, 1);
        }

        ConvShape[] shapes = config.Bottleneck
            ?
            [
                new(input, inner, Activation: Activation.Relu),
                new(inner, inner, 3, stride, config.Groups, Activation.Relu),
                new(inner, output),
            ]
            : [new(input, inner, 3, stride, Activation: Activation.Relu), new(inner, output, 3)];
        _convolutions = [.. shapes.Select((shape, i) => Convolution(weights / $"conv{i + 1}", weights / $"bn{i + 1}", shape))];
        Weights shortcut = weights / "downsample";
        _shortcut = projects ? Convolution(shortcut / 0, shortcut / 1, new ConvShape(input, output, Stride: stride)) : null;

        ConvBatchNorm Convolution(Weights kernels, Weights norm, ConvShape shape) =>
            new(kernels, norm, shape with { FrozenNorm = config.FrozenNorms }, ResNetEncoder.Epsilon, config.BatchStatistics);
    }

    /// <summary>Channels that come in.</summary>
    internal int Input => (int)_convolutions[0].Input;

    /// <summary>Where methods may reach inside; a convolution in groups is no linear map of all its channels.</summary>
    internal BackboneBlock Points(string name)
    {
        var linears = new Dictionary<LinearRole, LinearMap> { [LinearRole.Expand] = _convolutions[0], [LinearRole.Project] = _convolutions[^1] };
        if (_convolutions.Length == 3 && _groups == 1)
        {
            linears.Add(LinearRole.Filter, _convolutions[1]);
        }

        return new BackboneBlock(name, _weights, linears);
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input)
    {
        Tensor output = input;
        foreach ((int i, ConvBatchNorm convolution) in _convolutions.Index())
        {
            Tensor next = convolution.forward(i == _convolutions.Length - 1 ? Averaged(output) : output);
            if (!ReferenceEquals(output, input))
            {
                output.Dispose();
            }

            output = next;
        }

        output.Add_(_shortcut?.forward(Averaged(input)) ?? input);
        Activation.Relu.Apply_(output);
        return output;
    }

    private Tensor Averaged(Tensor maps) => _averaged == 1 ? maps : nn.functional.avg_pool2d(maps, _averaged, _averaged);
}
