using UniPT.Backbones;
using UniPT.Backbones.Bert;
using UniPT.Backbones.Clip;
using UniPT.Backbones.ClipVil;
using UniPT.Backbones.Layers;
using UniPT.Backbones.Mdetr;
using UniPT.Backbones.Recurrent;
using UniPT.Backbones.Regions;
using UniPT.Backbones.ResNet;
using UniPT.Backbones.T5;
using UniPT.Backbones.Whisper;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Tuning.Tests.Hosts;

/// <summary>Small checkpoints of the architectures that have no pretrained weights here.</summary>
internal static class SmallBackbones
{
    public const int Resolution = 12;
    public const int Width = 64;
    public const int Layers = 2;
    public const int Channels = 5;
    public const int RecurrentWidth = 32;
    public const int RecurrentLayers = 3;
    private const int Vocabulary = 2010;
    private const int Positions = 24;
    private static readonly RecurrentConfig Recurrent = new() { Input = Channels, Width = RecurrentWidth, Layers = RecurrentLayers, Bidirectional = true };

    private static readonly MdetrConfig SmallMdetr = new()
    {
        Image = ResNetConfig.Bottlenecks([1, 1, 1, 1], planes: 4) with { FrozenNorms = true },
        Text = Shrunk(BertConfig.RobertaBase),
        Width = Width,
        FeedForward = 2 * Width,
        EncoderLayers = Layers,
        DecoderLayers = Layers,
        Queries = 5,
    };

    /// <summary>Opens one, with the same weights each time.</summary>
    /// <param name="name">Its name, and that of a stream after a slash where the checkpoints of its streams differ.</param>
    /// <param name="trainable">Whether its own weights train.</param>
    public static Backbone Open(string name, bool trainable = false)
    {
        using var folder = new TemporaryFolder();
        return BackboneRegistry.Open(name.Split('/')[0], Write(name, folder.File("small.safetensors")), trainable);
    }

    /// <summary>Writes the checkpoint that is opened.</summary>
    public static string Write(string name, string path)
    {
        Weights weights = Weights.Fresh(3);
        using (weights.Store)
        {
            Build(name, weights);
            SafetensorsWriter.Write(path, weights.Store.State());
        }

        return path;
    }

    private static void Build(string name, Weights weights) => _ = name switch
    {
        "bert" => new BertEncoder(weights, Shrunk(new BertConfig())),
        "roberta" => new BertEncoder(weights, Shrunk(BertConfig.RobertaBase)),
        "clip_vit" => (Backbone)new ClipVit(weights, new ClipVitConfig { Resolution = Resolution, Patch = 4, Width = Width, Layers = Layers, Heads = 1, Output = Trial.Output }),
        "clip_text" => new ClipText(weights, new ClipTextConfig { Vocabulary = Vocabulary, MaxTokens = Positions, Width = Width, Layers = Layers, Heads = 1, Output = Trial.Output }),
        "clip_vil" => new ClipVilEncoder(weights, new ClipVilConfig { Image = new ClipResNetConfig { Blocks = [1, 1, 1, 1], Width = 4 }, Joint = Shrunk(new BertConfig()), GridPositions = 3 }),
        "t5" => new T5Model(weights, new T5Config { Vocabulary = Vocabulary, Width = Width, HeadWidth = 16, FeedForward = 2 * Width, Layers = Layers, DecoderLayers = Layers, Heads = 2 }),
        "clip_resnet" => new ClipResNet(weights, new ClipResNetConfig { Blocks = [2, 1, 1, 1], Width = 8, Heads = 4, Output = Trial.Output, Resolution = 64 }),
        "resnet" => new ResNetEncoder(weights, ResNetConfig.Bottlenecks([2, 1, 1, 1], planes: 8)),
        "resnet_cntk" => new ResNetEncoder(weights, new ResNetConfig { Blocks = [1, 1, 1, 2], Stem = 8, Widths = [8, 16, 24, 32], Inner = [8, 16, 24, 32], Pixels = PixelScale.BgrMean }),
        "mdetr" => new MdetrModel(weights, SmallMdetr),
        "regions" => new RegionFeatures(),
        "gru" or "gru/audio" => new RecurrentEncoder(weights, Recurrent),
        "gru/text" => new RecurrentEncoder(weights, Recurrent with { Vocabulary = Vocabulary }),
        "lstm/audio" => new RecurrentEncoder(weights, Recurrent with { Cell = RecurrentCell.Lstm }),
        "lstm" or "lstm/text" => new RecurrentEncoder(weights, Recurrent with { Cell = RecurrentCell.Lstm, Vocabulary = Vocabulary }),
        "whisper" => new WhisperEncoder(weights, new WhisperConfig { Bands = Channels, Width = Width, Layers = Layers, Heads = 1, FeedForward = 2 * Width, Positions = Positions }),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no small checkpoint"),
    };

    private static BertConfig Shrunk(BertConfig config) =>
        config with { Vocabulary = Vocabulary, Width = Width, Layers = Layers, Heads = 1, FeedForward = 2 * Width, Positions = Positions };
}
