using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Backbones.ResNet;

/// <summary>A 7×7 convolution with stride 2 and a 3×3 maximum with stride 2.</summary>
internal sealed class ResNetStem : Module
{
    private readonly ConvBatchNorm _convolution;

    /// <summary>Takes <c>conv1</c> and <c>bn1</c>.</summary>
    internal ResNetStem(Weights weights, ResNetConfig config) => _convolution = new ConvBatchNorm(
        weights / "conv1",
        weights / "bn1",
        new ConvShape(3, config.Stem, 7, 2, Activation: Activation.Relu, FrozenNorm: config.FrozenNorms),
        ResNetEncoder.Epsilon);

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) =>
        nn.functional.max_pool2d(_convolution.forward(input), [3, 3], [2, 2], [1, 1]);
}
