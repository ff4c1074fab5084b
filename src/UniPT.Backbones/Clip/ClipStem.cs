using UniPT.Backbones.Layers;
using UniPT.Backbones.ResNet;
using UniPT.Torch;

namespace UniPT.Backbones.Clip;

/// <summary>Three 3×3 convolutions, the first with stride 2, and averages over 2×2 cells.</summary>
internal sealed class ClipStem : Module
{
    private readonly ConvBatchNorm[] _convolutions;

    /// <summary>Takes <c>conv1, bn1</c> to <c>conv3, bn3</c>.</summary>
    internal ClipStem(Weights weights, ClipResNetConfig config)
    {
        int half = config.Width / 2;
        ConvShape[] shapes = [new(3, half, 3, 2, Activation: Activation.Relu), new(half, half, 3, Activation: Activation.Relu), new(half, config.Width, 3, Activation: Activation.Relu)];
        _convolutions = [.. shapes.Select((shape, i) => new ConvBatchNorm(
            weights / $"conv{i + 1}", weights / $"bn{i + 1}", shape, ResNetEncoder.Epsilon, config.BatchStatistics))];
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input)
    {
        using Tensor first = _convolutions[0].forward(input);
        using Tensor second = _convolutions[1].forward(first);
        using Tensor third = _convolutions[2].forward(second);
        return nn.functional.avg_pool2d(third, 2, 2);
    }
}
