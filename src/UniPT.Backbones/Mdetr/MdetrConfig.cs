using UniPT.Backbones.Bert;
using UniPT.Backbones.ResNet;
using UniPT.Torch;

namespace UniPT.Backbones.Mdetr;

/// <summary>Sizes of an MDETR; without changes those of the published <c>MDETR-R101</c>.</summary>
public sealed record MdetrConfig
{
    /// <summary>Sizes of <c>pretrained_resnet101_checkpoint.pth</c>.</summary>
    public static MdetrConfig ResNet101 { get; } = new();

    /// <summary>The network of the pictures, of which the last maps are read.</summary>
    public ResNetConfig Image { get; init; } = ResNetConfig.Bottlenecks([3, 4, 23, 3]) with { FrozenNorms = true };

    /// <summary>The network of the texts.</summary>
    public BertConfig Text { get; init; } = BertConfig.RobertaBase;

    /// <summary>Width of every hidden state, a multiple of 4.</summary>
    public int Width { get; init; } = 256;

    /// <summary>Heads of every attention of encoder and decoder; they divide the width.</summary>
    public int Heads { get; init; } = 8;

    /// <summary>Width between the two maps of a feed-forward network.</summary>
    public int FeedForward { get; init; } = 2048;

    /// <summary>Layers of the encoder.</summary>
    public int EncoderLayers { get; init; } = 6;

    /// <summary>Layers of the decoder.</summary>
    public int DecoderLayers { get; init; } = 6;

    /// <summary>Learned queries, each of which may find one box.</summary>
    public int Queries { get; init; } = 100;

    /// <summary>
    /// Share of features that are left out at random while the network trains: of what attentions and feed-forward networks give, inside these, of attention
    /// weights and of the resized texts.
    /// </summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>The sizes that a checkpoint's shapes tell; of heads, which they do not, there are as many as published.</summary>
    /// <exception cref="UserException">The checkpoint is another network's.</exception>
    internal static MdetrConfig Of(Weights weights)
    {
        Weights transformer = weights / "transformer";
        long[] queries = weights.Shape("query_embed.weight", 2);
        int width = (int)queries[1];
        return width > 0 && width % (4 * ResNet101.Heads) == 0
            ? new()
            {
                Image = ResNetConfig.Of(MdetrModel.ImagePlace(weights), PixelScale.ImageNet) with { FrozenNorms = true },
                Text = BertConfig.Of(BertFamily.Roberta, transformer / "text_encoder"),
                Width = width,
                FeedForward = (int)transformer.Shape("encoder.layers.0.linear1.weight", 2)[0],
                EncoderLayers = (transformer / "encoder" / "layers").CountWith("linear1.weight"),
                DecoderLayers = (transformer / "decoder" / "layers").CountWith("linear1.weight"),
                Queries = (int)queries[0],
            }
            : throw new UserException(
                $"mdetr has {ResNet101.Heads} heads and two sine codes of its positions, so its width must be a multiple of {4 * ResNet101.Heads}; the checkpoint's is {width}.");
    }
}
