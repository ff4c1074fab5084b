using UniPT.Backbones;
using UniPT.Backbones.Bert;
using UniPT.Backbones.Mdetr;
using UniPT.Backbones.ResNet;
using UniPT.Testing;
using UniPT.Torch;
using UniPT.Tuning.Adapters;
using UniPT.Tuning.BitFit;
using UniPT.Tuning.Full;
using UniPT.Tuning.Head;
using UniPT.Tuning.Ia3;
using UniPT.Tuning.Lora;
using UniPT.Tuning.Lst;
using UniPT.Tuning.NormTuning;
using UniPT.Tuning.Partial;
using UniPT.Tuning.PrefixTuning;
using UniPT.Tuning.PromptTuning;
using UniPT.Tuning.Sherl;
using UniPT.Tuning.UniPT;

namespace UniPT.Tuning.Tests.Hosts;

/// <summary>That methods fit both streams of an MDETR, whose layers add positions and whose decoder attends to the encoder.</summary>
public sealed class MdetrHostTests
{
    private const int Width = 32;
    private const int Output = 6;
    private static readonly int[] Published = [1, 3, 5, 6];

    /// <summary>What multiplies the decoder's first hidden state alone, which is zero.</summary>
    private static readonly string[] OfZeros =
    [
        "blocks.0.value.lora_A.weight", "blocks.0.value.lora_B.weight", "decoder.downsample_layers.0.0.weight", "side_first_downsample.weight",
    ];

    private static readonly MdetrConfig Small = new()
    {
        Image = ResNetConfig.Bottlenecks([1, 1, 1, 1], planes: 4) with { FrozenNorms = true },
        Text = BertConfig.RobertaBase with { Vocabulary = 40, Width = 64, Layers = 1, Heads = 1, FeedForward = 96, Positions = 24 },
        Width = Width,
        FeedForward = 2 * Width,
        EncoderLayers = 3,
        DecoderLayers = 2,
        Queries = 5,
    };

    private static readonly Dictionary<string, TuningMethod> Methods = new TuningMethod[]
    {
        new UniPTMethod(new UniPTOptions { Form = PublishedForm.Mdetr, Width = 16 }),
        new HeadMethod(new HeadOptions()),
        new FullMethod(new FullOptions()),
        new PartialMethod(new PartialOptions()),
        new BitFitMethod(),
        new LayerNormMethod(),
        new AdapterMethod(new AdapterOptions { Reduction = 2 }),
        new LoraMethod(new LoraOptions { Rank = 2 }),
        new Ia3Method(),
        new PrefixMethod(new PrefixOptions { Length = 3 }),
        new PromptMethod(new PromptOptions { Length = 3 }),
        new LstMethod(new LstOptions { Reduction = 2, Start = LstStart.Magnitude }),
    }.ToDictionary(method => method.Name);

    public static TheoryData<string, string> OnBothStreams
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach ((string stream, string method) in new[] { "encoder", "decoder" }.SelectMany(stream => Methods.Keys.Select(method => (stream, method))))
            {
                data.Add(stream, method);
            }

            return data;
        }
    }

    /// <summary>At published size, from shapes alone: the sides, what crosses between them and the output projection.</summary>
    [Fact]
    public void UniPTsNetworkBesideThePublishedDecoderHasItsPublishedParameters()
    {
        Weights backbone = Weights.Meta();
        using WeightStore host = backbone.Store;
        BackboneStream decoder = new MdetrModel(backbone, MdetrConfig.ResNet101).Streams["decoder"].Select(Published, memoryLayers: Published);
        Weights weights = Weights.Meta(trainable: true);
        using WeightStore store = weights.Store;
        TunedBackbone tuned = new UniPTMethod(new UniPTOptions { Form = PublishedForm.Mdetr, Width = 128 }).Attach(decoder, weights, null);
        Assert.Equal(481_666, tuned.TrainedParameters().Sum(pair => pair.parameter.numel()));
        Assert.Equal(256, tuned.Output);
        Assert.Equal(["layer 1", "layer 3", "layer 5"], tuned.MergedLayers);
    }

    [Theory]
    [MemberData(nameof(OnBothStreams))]
    public void WhatTrainsChangesNothingElseDoesAndNothingIsLeftBehind(string stream, string name)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TuningMethod method = Methods[name];
        using MdetrModel model = Open(method.TrainsBackbone);
        TunedBackbone tuned = method.Attach(model.Streams[stream], Output);
        using WeightStore store = tuned.Store;
        Dictionary<string, Parameter> trained = tuned.TrainedParameters().ToDictionary(pair => pair.name, pair => pair.parameter);
        Dictionary<string, Tensor> all = tuned.state_dict();
        Dictionary<string, byte[]> before = all.ToDictionary(pair => pair.Key, pair => pair.Value.ToBytes());
        float[] features = Features(tuned);

        using var optimizer = new AdamW([new ParameterGroup(trained)]);
        tuned.train();
        Step();
        TensorCount after = TensorCount.Now();
        Step();
        Step();
        Assert.Equal(after, TensorCount.Now());

        tuned.eval();
        string[] changed = [.. all.Where(pair => !pair.Value.ToBytes().SequenceEqual(before[pair.Key])).Select(pair => pair.Key)];
        Assert.Empty(changed.Except(trained.Keys));
        Assert.NotEqual(features, Features(tuned));

        // The encoder does not depend on the decoder, and the gate's shift of all scores does nothing.
        IEnumerable<string> unmoved = trained.Keys.Except(changed).Where(parameter => !parameter.EndsWith("gate_layer.bias"));
        Assert.Empty(stream == "decoder"
            ? unmoved.Except(OfZeros)
            : unmoved.Where(parameter => !parameter.Contains(".decoder.") && !parameter.Contains("query_embed")));

        void Step()
        {
            using DisposeScope each = torch.NewDisposeScope();
            Tensor given = tuned.forward(Input()).Tokens;
            (given * torch.randn(given.shape)).sum().Backward();
            optimizer.Step(1e-2);
            optimizer.ZeroGrad();
        }
    }

    /// <summary>Those of the merged layers, through the projection of the last; the published loss reads them all.</summary>
    [Fact]
    public void AuxiliaryFeaturesAreThoseOfTheMergedLayers()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using MdetrModel model = Open();
        TunedBackbone tuned = Methods["unipt"].Attach(model.Streams["decoder"].Select([0, 1, 2], [1, 2, 3]), Output);
        using WeightStore store = tuned.Store;
        TunedFeatures features = tuned.forward(Input());
        Assert.Equal(["queries", "layer 1"], features.MergedLayers);
        Assert.Equal(2, features.Auxiliary.Count);
        Assert.All(features.Auxiliary, auxiliary => Assert.Equal([2, 5, Output], auxiliary.shape));

        // They hang on the crossings, not on what merges the layers.
        features.Auxiliary[1].pow(Scalars.Of(3)).sum().Backward();
        Assert.True(store.Parameters["decoder.crosser_layers.1.0.weight"].grad!.abs().max().Item() > 0);
        Assert.Null(store.Parameters["decoder.crosser_layers.0.0.weight"].grad);
        Assert.Null(store.Parameters["decoder.gate_layer.weight"].grad);

        TunedBackbone without = new UniPTMethod(new UniPTOptions { Form = PublishedForm.Mdetr, Width = 16, Auxiliary = false }).Attach(tuned.Stream, Output);
        using WeightStore second = without.Store;
        TunedFeatures plain = without.forward(Input());
        Assert.Empty(plain.Auxiliary);
        Assert.Equal(features.Tokens.ToArray<float>(), plain.Tokens.ToArray<float>());
        Assert.Equal(
            "The option auxiliary is for decoders, which read a memory; the stream encoder of mdetr reads none.",
            Assert.Throws<UserException>(() => new UniPTMethod(new UniPTOptions { Auxiliary = true }).Attach(model.Streams["encoder"])).Message);
    }

    [Theory]
    [InlineData("encoder")]
    [InlineData("decoder")]
    public void SherlIsRefusedInASentence(string stream)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using MdetrModel model = Open();
        Assert.StartsWith(
            $"sherl is not defined for the stream {stream} of mdetr here", Assert.Throws<UserException>(() => new SherlMethod(new SherlOptions()).Attach(model.Streams[stream])).Message);
    }

    [Fact]
    public void LoraReachesTheAttentionToTheEncoder()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using MdetrModel model = Open();
        TunedBackbone tuned = new LoraMethod(new LoraOptions { Rank = 2, Targets = [LinearRole.CrossQuery, LinearRole.CrossValue] }).Attach(model.Streams["decoder"]);
        using WeightStore store = tuned.Store;
        Assert.Equal(2 * 2 * 2 * 2 * Width, tuned.TrainedParameters().Sum(pair => pair.parameter.numel()));
        Tensor given = tuned.forward(Input()).Tokens;
        (given * torch.randn(given.shape)).sum().Backward();
        Assert.All(store.Trainable.Where(pair => pair.Key.Contains("lora_B")), pair => Assert.True(pair.Value.grad!.abs().max().Item() > 0, pair.Key));
    }

    private static float[] Features(TunedBackbone tuned)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        return tuned.forward(Input()).Tokens.ToArray<float>();
    }

    private static MdetrModel Open(bool trainable = false)
    {
        using var folder = new TemporaryFolder();
        Weights weights = Weights.Fresh(3);
        using (weights.Store)
        {
            _ = new MdetrModel(weights, Small);
            SafetensorsWriter.Write(folder.File("small.safetensors"), weights.Store.State());
        }

        return (MdetrModel)BackboneRegistry.Open("mdetr", folder.File("small.safetensors"), trainable);
    }

    private static BackboneInput Input()
    {
        TorchRuntime.ManualSeed(4);
        Tensor mask = torch.ones(2, 40, 70);
        mask.select(0, 1).narrow(1, 33, 37).zero_();
        return new(
            (BackboneInput.PixelsPart, torch.rand(2, 3, 40, 70)),
            (BackboneInput.PixelsMaskPart, mask),
            (BackboneInput.TokensPart, TensorData.From([0L, 9, 17, 2, 0, 2, 1, 1], 2, 4)),
            (BackboneInput.MaskPart, TokenMask.From([4, 2], 4)));
    }
}
