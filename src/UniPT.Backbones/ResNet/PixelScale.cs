using UniPT.Backbones.Media;

namespace UniPT.Backbones.ResNet;

/// <summary>How a network was shown pixels while it was trained; a wrong one gives poor features and no error.</summary>
public enum PixelScale
{
    /// <summary>RGB in [0, 1] less ImageNet's mean, by its deviation: torchvision.</summary>
    ImageNet,

    /// <summary>B, G, R from 0 to 255 less the mean, not divided: CNTK and Caffe.</summary>
    BgrMean,
}

/// <summary>Brings pixels to a scale.</summary>
internal static class PixelScales
{
    private static readonly float[] Mean = [0.485f, 0.456f, 0.406f];
    private static readonly float[] Deviation = [0.229f, 0.224f, 0.225f];

    // The channels' means of the mean picture that Microsoft's ResNet package subtracts.
    private static readonly float[] BgrMean = [103.0626f / 255, 115.9029f / 255, 123.1516f / 255];
    private static readonly float[] BgrDeviation = [1 / 255f, 1 / 255f, 1 / 255f];

    /// <summary>RGB <c>[B, 3, H, W]</c> in [0, 1] on a scale.</summary>
    internal static Tensor Apply(this PixelScale scale, Tensor pixels)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(scale == PixelScale.BgrMean
            ? ImageTransforms.Normalize(pixels.flip(1), BgrMean, BgrDeviation)
            : ImageTransforms.Normalize(pixels, Mean, Deviation));
    }
}
