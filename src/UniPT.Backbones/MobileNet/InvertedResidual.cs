using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Backbones.MobileNet;

/// <summary>
/// Expansion, depthwise convolution and projection without activation; the input is added where the shapes agree
/// (Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", 2018).
/// </summary>
internal sealed class InvertedResidual : Module
{
    private const double Epsilon = 1e-3;
    private readonly ConvBatchNorm? _expand;
    private readonly ConvBatchNorm _depthwise;
    private readonly ConvBatchNorm _project;
    private readonly bool _residual;

    private readonly Weights _weights;

    /// <summary>Takes <c>conv.*</c> as torchvision names them.</summary>
    internal InvertedResidual(Weights weights, int input, int output, int stride, int expansion) : base(weights)
    {
        _weights = weights;
        Weights convolutions = weights / "conv";
        int hidden = input * expansion;
        int next = 0;
        if (expansion > 1)
        {
            _expand = Convolution(convolutions / next / 0, convolutions / next++ / 1, new ConvShape(input, hidden, Activation: Activation.Relu6));
        }

        _depthwise = Convolution(
            convolutions / next / 0, convolutions / next++ / 1, new ConvShape(hidden, hidden, 3, stride, hidden, Activation.Relu6));
        _project = Convolution(convolutions / next, convolutions / (next + 1), new ConvShape(hidden, output));
        _residual = stride == 1 && input == output;
    }

    /// <summary>A convolution as Keras' network has them: stride 2 pads at the end only, batch norm with ε = 1e-3.</summary>
    internal static ConvBatchNorm Convolution(Weights convolution, Weights norm, ConvShape shape) =>
        new(convolution, norm, shape with { PadsEnd = true }, Epsilon);

    /// <summary>Where methods may reach inside.</summary>
    internal BackboneBlock Points(string name)
    {
        var linears = new Dictionary<LinearRole, LinearMap> { [LinearRole.Project] = _project };
        if (_expand is not null)
        {
            linears.Add(LinearRole.Expand, _expand);
        }

        return new BackboneBlock(name, _weights, linears);
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input)
    {
        Tensor filtered = Filter(input);
        Tensor output = _project.forward(filtered);
        if (_residual)
        {
            output.Add_(input);
        }

        return output;
    }

    // The expanded map is the largest tensor of the network: it goes as soon as it was read.
    private Tensor Filter(Tensor input)
    {
        using Tensor? expanded = _expand?.forward(input);
        return _depthwise.forward(expanded ?? input);
    }
}
