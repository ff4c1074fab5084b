using UniPT.Backbones.Bert;
using UniPT.Backbones.Mdetr;
using UniPT.Backbones.ResNet;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Backbones.Tests.Mdetr;

/// <summary>An MDETR of few layers, with the heads of attention that the published one has.</summary>
internal static class SmallMdetr
{
    public const int Width = 32;
    public const int Queries = 5;

    public static MdetrConfig Config { get; } = new()
    {
        Image = ResNetConfig.Bottlenecks([1, 1, 2, 1], planes: 4) with { FrozenNorms = true },
        Text = BertConfig.RobertaBase with { Vocabulary = 40, Width = 64, Layers = 2, Heads = 1, FeedForward = 96, Positions = 12 },
        Width = Width,
        FeedForward = 48,
        EncoderLayers = 3,
        DecoderLayers = 2,
        Queries = Queries,
    };

    /// <summary>Frozen, from a file, as checkpoints are opened.</summary>
    public static MdetrModel Open(TemporaryFolder folder, bool trainable = false) =>
        (MdetrModel)BackboneRegistry.Open("mdetr", Checkpoints.Write(folder, weights => new MdetrModel(weights, Config)), trainable);

    /// <summary>Two pictures of other sizes than the grid has cells, the second one padded, with texts of 4 and 2 tokens.</summary>
    public static BackboneInput Input()
    {
        TorchRuntime.ManualSeed(4);
        Tensor mask = torch.ones(2, 70, 100);
        mask.select(0, 1).narrow(0, 50, 20).zero_();
        mask.select(0, 1).narrow(1, 60, 40).zero_();
        return new(
            (BackboneInput.PixelsPart, torch.rand(2, 3, 70, 100)),
            (BackboneInput.PixelsMaskPart, mask),
            (BackboneInput.TokensPart, TensorData.From([0L, 9, 17, 2, 0, 2, 1, 1], 2, 4)),
            (BackboneInput.MaskPart, TokenMask.From([4, 2], 4)));
    }

    /// <summary>The same input with another part in the place of one.</summary>
    public static BackboneInput With(this BackboneInput input, string name, Tensor? part) =>
        new([.. input.All.Where(pair => pair.Key != name).Select(pair => (pair.Key, pair.Value)), .. part is null ? Array.Empty<(string, Tensor)>() : [(name, part)]]);
}
