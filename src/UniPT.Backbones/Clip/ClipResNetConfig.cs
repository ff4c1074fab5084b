using UniPT.Backbones.Layers;
using UniPT.Backbones.ResNet;
using UniPT.Torch;

namespace UniPT.Backbones.Clip;

/// <summary>Sizes of CLIP's ResNets (Radford et al., arXiv 2103.00020, table 19); without changes those of RN50.</summary>
public sealed record ClipResNetConfig
{
    private const int Expansion = 32;

    /// <summary>RN50.</summary>
    public static ClipResNetConfig Rn50 { get; } = new();

    /// <summary>RN101.</summary>
    public static ClipResNetConfig Rn101 { get; } = new() { Blocks = [3, 4, 23, 3], Output = 512 };

    /// <summary>RN50x4, the image tower of Clip-ViL.</summary>
    public static ClipResNetConfig Rn50x4 { get; } = new() { Blocks = [4, 6, 10, 6], Width = 80, Heads = 40, Output = 640, Resolution = 288 };

    /// <summary>RN50x16.</summary>
    public static ClipResNetConfig Rn50x16 { get; } = new() { Blocks = [6, 8, 18, 8], Width = 96, Heads = 48, Output = 768, Resolution = 384 };

    /// <summary>RN50x64.</summary>
    public static ClipResNetConfig Rn50x64 { get; } = new() { Blocks = [3, 15, 36, 10], Width = 128, Heads = 64, Output = 1024, Resolution = 448 };

    /// <summary>Blocks of each of the four stages.</summary>
    public IReadOnlyList<int> Blocks { get; init; } = [3, 4, 6, 3];

    /// <summary>Channels of the stem, even; the stages give 4, 8, 16 and 32 times as many.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Heads of the attention pooling; they divide 32 times the width.</summary>
    public int Heads { get; init; } = 32;

    /// <summary>Width of the embedding.</summary>
    public int Output { get; init; } = 1024;

    /// <summary>Height and width, in pixels and a multiple of 32, of the pictures that the attention pooling has positions for.</summary>
    public int Resolution { get; init; } = 224;

    /// <summary>
    /// Whether pixels come as RGB in [0, 1] and are normalised here with the mean and deviation of CLIP's training pictures;
    /// otherwise they come normalised.
    /// </summary>
    public bool NormalizesPixels { get; init; } = true;

    /// <summary>
    /// Whether batch norms normalise with the batch's statistics while the network is in training mode, and move the stored ones towards them (momentum
    /// 0.1), although its weights are frozen: so Clip-ViL's published code leaves them. The statistics are then part of what training changes.
    /// </summary>
    public bool BatchStatistics { get; init; }

    /// <summary>Channels of the last map.</summary>
    internal int Channels => Expansion * Width;

    /// <summary>Cells in a row of the last map of a picture of <see cref="Resolution"/>.</summary>
    internal int Grid => Resolution / ResNetTrunk.CoarsestStride;

    /// <summary>The sizes that a checkpoint's shapes tell; the place is that of <c>conv1</c>.</summary>
    /// <param name="weights">The place.</param>
    /// <param name="pooled">Whether the attention pooling is there to tell its own.</param>
    internal static ClipResNetConfig Of(Weights weights, bool pooled = true)
    {
        int width = (int)weights.Shape("conv3.weight", 4)[0];
        ClipResNetConfig trunk = new()
        {
            Blocks = [.. Enumerable.Range(1, 4).Select(stage => (weights / $"layer{stage}").CountWith("conv1.weight"))],
            Width = width,
            Heads = HeadCount.Of(Expansion * width, ClipResNet.Architecture.Name),
        };
        return !pooled ? trunk : trunk with
        {
            Output = (int)weights.Shape("attnpool.c_proj.weight", 2)[0],
            Resolution = ResNetTrunk.CoarsestStride * (int)Math.Sqrt(weights.Shape("attnpool.positional_embedding", 2)[0] - 1),
        };
    }

    /// <summary>The stages of blocks.</summary>
    internal ResNetConfig Stages() =>
        ResNetConfig.Bottlenecks(Blocks, planes: Width) with { AveragesStrides = true, BatchStatistics = BatchStatistics };
}
