using UniPT.Backbones;
using UniPT.Backbones.Bert;
using UniPT.Backbones.Clip;
using UniPT.Backbones.ClipVil;
using UniPT.Backbones.ResNet;
using UniPT.Tasks.Questions;
using UniPT.Tasks.Retrieval.Heads;
using UniPT.Torch;
using UniPT.Tuning;
using UniPT.Tuning.Head;
using UniPT.Tuning.UniPT;

namespace UniPT.Tasks.Tests;

/// <summary>Parameters of whole systems as published, heads included, without memory for them. Those of MDETR and of T5 stand with their parts.</summary>
public sealed class PublishedSystemsTests
{
    private const int Embedding = 1024;
    private const int Joint = 768;

    // What Clip-ViL's published model holds and never reads: the pooling of pictures, CLIP's text tower without its layers, the map of boxes and its norm.
    private const long UnusedByClipVil = 21_517_440 + 32_081_281 + 5_376;

    private static readonly ResNetConfig ResNeXt101 = ResNetConfig.Bottlenecks([3, 4, 23, 3], 32, 8);

    [Fact]
    public void VseWithUniPT()
    {
        using var system = new CountedSystem();
        system.Attach(system.Frozen(weights => new BertEncoder(weights, new BertConfig())), "text", new UniPTMethod(new UniPTOptions { Width = 512 }), Embedding);
        system.Attach(system.Frozen(weights => new ResNetEncoder(weights, ResNeXt101)), "image", new UniPTMethod(new UniPTOptions { Width = 512 }), Embedding);
        Assert.Equal(5_921_281 + 6_433_537, system.Trained);
        _ = new Gpo(system.Weights / "text" / "gpool");
        _ = new Gpo(system.Weights / "image" / "gpool");
        Assert.Equal(12_380_226, system.Trained);
        Assert.Equal(208_604_802, system.Trained + 86_742_336 + 109_482_240);
    }

    [Fact]
    public void VseWithItsOwnHeads()
    {
        using var system = new CountedSystem();
        system.Attach(system.Frozen(weights => new BertEncoder(weights, new BertConfig())), "text", new HeadMethod(new HeadOptions()), Embedding);
        _ = new Gpo(system.Weights / "text" / "gpool");
        Assert.Equal(800_160, system.Trained);
        system.Attach(system.Frozen(weights => new ResNetEncoder(weights, ResNeXt101)), "image", new HeadMethod(new HeadOptions()), Embedding);
        _ = new Gpo(system.Weights / "image" / "gpool");
        Assert.Equal(2_911_040, system.Trained);
        Assert.Equal(86_742_336, Count(weights => new ResNetEncoder(weights, ResNeXt101)));
        Assert.Equal(109_482_240, Count(weights => new BertEncoder(weights, new BertConfig())));
        Assert.Equal(199_135_616, system.Trained + 86_742_336 + 109_482_240);
    }

    [Fact]
    public void Clip4ClipWithUniPT()
    {
        const int Scale = 1;
        long clip = Count(weights => new ClipVit(weights, new ClipVitConfig())) + Count(weights => new ClipText(weights, new ClipTextConfig())) + Scale;
        Assert.Equal(151_277_313, clip);
        using var system = new CountedSystem();
        var method = new UniPTMethod(new UniPTOptions { Form = PublishedForm.Clip4clip, Width = 512 });
        system.Attach(system.Frozen(weights => new ClipVit(weights, new ClipVitConfig())), "image", method, 512);
        Assert.Equal(5_644_289, system.Trained);
        system.Attach(system.Frozen(weights => new ClipText(weights, new ClipTextConfig())), "text", method, 512);
        Assert.Equal(9_584_642, system.Trained);
        Assert.Equal(160_861_955, clip + system.Trained);
    }

    [Fact]
    public void ClipWithAResNet()
    {
        var text = new ClipTextConfig { Width = 640, Heads = 10, Output = 640 };
        Assert.Equal(178_300_601, Count(weights => new ClipResNet(weights, ClipResNetConfig.Rn50x4)) + Count(weights => new ClipText(weights, text)) + 1);
    }

    [Theory]
    [InlineData(3129, 10_730_170, 241_532_531)]
    [InlineData(1842, 8_752_051, 239_554_412)]
    public void ClipVilWithUniPT(int answers, long trained, long all)
    {
        using var system = new CountedSystem();
        system.Attach(system.Frozen(weights => new ClipVilEncoder(weights, new ClipVilConfig())), "joint", new UniPTMethod(new UniPTOptions { Form = PublishedForm.ClipVil, Reduction = 2 }), Joint);
        Assert.Equal(4_736_641, system.Trained);
        _ = new AnswerHead(system.Weights / "logit_fc", Joint, answers);
        Assert.Equal(trained, system.Trained);
        Assert.Equal(all, system.Trained + Count(weights => new ClipVilEncoder(weights, new ClipVilConfig())) + UnusedByClipVil);
    }

    private static long Count(Func<Weights, Backbone> build)
    {
        Weights weights = Weights.Meta(trainable: true);
        using WeightStore store = weights.Store;
        build(weights);
        return store.ParameterCount;
    }

    /// <summary>Frozen backbones and what is added to them, on the meta device.</summary>
    private sealed class CountedSystem : IDisposable
    {
        private readonly List<WeightStore> _frozen = [];

        public Weights Weights { get; } = Weights.Meta(trainable: true);

        public long Trained => Weights.Store.ParameterCount;

        public BackboneStream Frozen(Func<Weights, Backbone> build)
        {
            Weights weights = Weights.Meta();
            _frozen.Add(weights.Store);
            return build(weights).Streams.Only;
        }

        public void Attach(BackboneStream stream, string name, TuningMethod method, int output) => method.Attach(stream, Weights / name, output);

        public void Dispose()
        {
            Weights.Store.Dispose();
            _frozen.ForEach(store => store.Dispose());
        }
    }
}
