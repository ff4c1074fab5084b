using UniPT.Torch;

namespace UniPT.Backbones.ResNet;

/// <summary>Sizes of a ResNet or ResNeXt; without changes those of torchvision's <c>resnet18</c>.</summary>
public sealed record ResNetConfig
{
    private const int Stages = 4;
    private const int Expansion = 4;

    /// <summary>Blocks of each of the four stages.</summary>
    public IReadOnlyList<int> Blocks { get; init; } = [2, 2, 2, 2];

    /// <summary>Channels of the first convolution.</summary>
    public int Stem { get; init; } = 64;

    /// <summary>Channels that each stage gives.</summary>
    public IReadOnlyList<int> Widths { get; init; } = [64, 128, 256, 512];

    /// <summary>Channels between the convolutions of each stage's blocks.</summary>
    public IReadOnlyList<int> Inner { get; init; } = [64, 128, 256, 512];

    /// <summary>Whether a block is 1×1, 3×3, 1×1 and not two times 3×3.</summary>
    public bool Bottleneck { get; init; }

    /// <summary>Groups of a bottleneck's 3×3 convolution: ResNeXt's cardinality.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>
    /// Whether a block that halves its maps averages them, after its 3×3 convolution and before that of its shortcut, as CLIP's do, instead of
    /// leaving cells out by the stride of those.
    /// </summary>
    internal bool AveragesStrides { get; init; }

    /// <summary>Whether batch norms take the batch's statistics in training, and move the stored ones, even where nothing of the network trains.</summary>
    internal bool BatchStatistics { get; init; }

    /// <summary>Whether the batch norms are wholly frozen: their scales and shifts are buffers and never train, as in torchvision's <c>FrozenBatchNorm2d</c>.</summary>
    public bool FrozenNorms { get; init; }

    /// <summary>How pixels are normalised.</summary>
    public PixelScale Pixels { get; init; } = PixelScale.ImageNet;

    /// <summary>A network of bottlenecks by torchvision's rule, such as <c>resnext101_32x8d</c>: 3, 4, 23, 3 blocks, 32 groups of 8 channels.</summary>
    /// <param name="blocks">Blocks of each stage.</param>
    /// <param name="groups">Groups of the 3×3 convolutions.</param>
    /// <param name="groupWidth">Channels of a group in the first stage, where <paramref name="planes"/> is 64.</param>
    /// <param name="planes">Channels of the stem.</param>
    public static ResNetConfig Bottlenecks(IReadOnlyList<int> blocks, int groups = 1, int groupWidth = 64, int planes = 64)
    {
        int[] stages = [.. Enumerable.Range(0, Stages).Select(stage => planes << stage)];
        return new()
        {
            Blocks = blocks,
            Stem = planes,
            Widths = [.. stages.Select(width => Expansion * width)],
            Inner = [.. stages.Select(width => (int)(width * (groupWidth / 64.0)) * groups)],
            Bottleneck = true,
            Groups = groups,
        };
    }

    /// <summary>The sizes that a checkpoint's shapes tell.</summary>
    /// <exception cref="UserException">The checkpoint is another network's.</exception>
    internal static ResNetConfig Of(Weights weights, PixelScale pixels)
    {
        Weights[] firsts = [.. Enumerable.Range(1, Stages).Select(stage => weights / $"layer{stage}" / 0)];
        bool bottleneck = firsts[0].Contains("conv3.weight");
        string last = bottleneck ? "conv3.weight" : "conv2.weight";
        long[] middle = firsts[0].Shape("conv2.weight", 4);
        return new()
        {
            Blocks = [.. Enumerable.Range(1, Stages).Select(stage => (weights / $"layer{stage}").CountWith("conv1.weight"))],
            Stem = (int)weights.Shape("conv1.weight", 4)[0],
            Widths = [.. firsts.Select(first => (int)first.Shape(last, 4)[0])],
            Inner = [.. firsts.Select(first => (int)first.Shape("conv1.weight", 4)[0])],
            Bottleneck = bottleneck,
            Groups = bottleneck && middle[1] > 0 ? (int)(middle[0] / middle[1]) : 1,
            Pixels = pixels,
        };
    }
}
