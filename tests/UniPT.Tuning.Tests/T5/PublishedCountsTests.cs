using UniPT.Backbones;
using UniPT.Backbones.Layers;
using UniPT.Backbones.T5;
using UniPT.Torch;
using UniPT.Tuning.Adapters;
using UniPT.Tuning.BitFit;
using UniPT.Tuning.Full;
using UniPT.Tuning.Lora;
using UniPT.Tuning.Lst;
using UniPT.Tuning.PromptTuning;
using UniPT.Tuning.Sherl;
using UniPT.Tuning.UniPT;

namespace UniPT.Tuning.Tests.T5;

/// <summary>What trains beside T5 at its published sizes, with as many rows of words as its tokenizer has, without memory for it.</summary>
public sealed class PublishedCountsTests
{
    private const int Tokens = 32_100;

    // The released lists of kept blocks, from 0; hidden states count from 1.
    private static readonly OptionList<int> OfBase = Dropped(12, [1, 2, 3, 5, 6, 7, 9, 10, 11]);
    private static readonly OptionList<int> OddOfLarge = Dropped(24, [.. Enumerable.Range(0, 24).Where(block => block % 2 == 1)]);

    [Fact]
    public void TheNetworksHaveTheirPublishedSizes()
    {
        Assert.Equal(222_882_048, Total(T5Config.Base));
        Assert.Equal(737_639_424, Total(T5Config.Large));
        Assert.Equal(2_851_569_664, Total(T5Config.ThreeB));
        Assert.Equal(60_492_288, Total(T5Config.Small));

        // With all rows and the output map of its own: as Hugging Face counts google/t5-v1_1-base.
        Assert.Equal(247_577_856, Count(T5Config.BaseV11));

        static long Total(T5Config config) => Count(config with { Vocabulary = Tokens });
    }

    [Fact]
    public void FullFineTuningTrainsEverything() => Assert.Equal(222_882_048, Trained(T5Config.Base, new FullMethod(new FullOptions())));

    [Fact]
    public void AdaptersTrainWithTheNorms() => Assert.Equal(
        3_625_728, Trained(T5Config.Base, new AdapterMethod(new AdapterOptions { Reduction = 16, Activation = Activation.GeluTanh, Norms = true })));

    [Fact]
    public void LoraTrainsWithAddedBiases() => Assert.Equal(
        3_821_412, Trained(T5Config.Base, new LoraMethod(new LoraOptions { Rank = 32, Alpha = 32, Dropout = 0.1, Biases = TrainedBiases.Added })));

    [Fact]
    public void BitFitTrainsAddedBiases() => Assert.Equal(282_468, Trained(T5Config.Base, new BitFitMethod(new BitFitOptions { Biases = TrainedBiases.Added })));

    [Fact]
    public void APromptTrainsAlone() => Assert.Equal(76_800, Trained(T5Config.Base, new PromptMethod(new PromptOptions { Length = 100 })));

    /// <summary>The published counts hold the gates of dropped layers too, which nothing reads; here they are not made.</summary>
    [Fact]
    public void LaddersTrain()
    {
        Assert.Equal(3_878_712 - (2 * 3), Lst(T5Config.Base, OfBase));
        Assert.Equal(5_097_240, Lst(T5Config.Base, []));
        Assert.Equal(2_660_184 - (2 * 6), Lst(T5Config.Base, Dropped(12, [2, 3, 6, 7, 10, 11])));
        Assert.Equal(1_441_656 - (2 * 9), Lst(T5Config.Base, Dropped(12, [3, 7, 11])));
        Assert.Equal(9_057_328 - (2 * 12), Lst(T5Config.Large, OddOfLarge));
        Assert.Equal(2_494_896 - (2 * 23), Lst(T5Config.ThreeB, Dropped(24, [23])));

        static long Lst(T5Config config, OptionList<int> dropped) => Trained(config, new LstMethod(new LstOptions { Reduction = 8, Dropped = dropped }));
    }

    [Fact]
    public void SherlTrains()
    {
        Assert.Equal(1_907_236, Sherl(T5Config.Base, OfBase));
        Assert.Equal(4_700_548, Sherl(T5Config.Large, [.. OddOfLarge.Where(layer => layer != 23)]));
        Assert.Equal(1_087_620, Sherl(T5Config.ThreeB, Dropped(24, [22, 23])));

        static long Sherl(T5Config config, OptionList<int> dropped) => Trained(config, new SherlMethod(new SherlOptions { Reduction = 8, Dropped = dropped }));
    }

    /// <summary>Derived, not published: of all hidden states, and of the embedding and those that LST keeps.</summary>
    [Theory]
    [InlineData(2, 10_960_898, 8_738_690)]
    [InlineData(4, 5_039_234, 4_038_722)]
    [InlineData(6, 3_261_954, 2_619_522)]
    [InlineData(8, 2_410_178, 1_937_570)]
    public void UniPTTrains(int reduction, long all, long kept)
    {
        var method = new UniPTMethod(new UniPTOptions { Form = PublishedForm.T5Derived, Reduction = reduction });
        int[] layers = [.. Enumerable.Range(0, 13).Except(OfBase)];
        Assert.Equal(all, Trained(T5Config.Base, method));
        Assert.Equal(kept, Trained(T5Config.Base, method, stream => stream.Select(layers, layers)));
    }

    private static OptionList<int> Dropped(int blocks, int[] kept) => [.. Enumerable.Range(0, blocks).Except(kept).Select(block => block + 1)];

    private static long Count(T5Config config)
    {
        using WeightStore store = Weights.Meta().Store;
        return new T5Model(store.Root, config).Store.ParameterCount;
    }

    private static long Trained(T5Config config, TuningMethod method, Func<BackboneStream, BackboneStream>? choose = null)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore ofBackbone = Weights.Meta(method.TrainsBackbone).Store;
        using WeightStore store = Weights.Meta(trainable: true).Store;
        BackboneStream stream = new T5Model(ofBackbone.Root, config with { Vocabulary = Tokens }).Streams[BackboneStream.Decoder];
        return method.Attach(choose?.Invoke(stream) ?? stream, store.Root, null).TrainedParameters().Sum(pair => pair.parameter.numel());
    }
}
