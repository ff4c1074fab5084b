using UniPT.Backbones;
using UniPT.Backbones.Layers;
using UniPT.Torch;
using UniPT.Tuning.Adapters;
using UniPT.Tuning.BitFit;
using UniPT.Tuning.Full;
using UniPT.Tuning.Ia3;
using UniPT.Tuning.Lora;
using UniPT.Tuning.NormTuning;
using UniPT.Tuning.Partial;
using UniPT.Tuning.PrefixTuning;
using UniPT.Tuning.PromptTuning;
using UniPT.Tuning.Tests.Hosts;
using UniPT.Tuning.UniPT;

namespace UniPT.Tuning.Tests;

public sealed class StreamTests
{
    private static readonly Dictionary<string, TuningMethod> WithoutProjection = new()
    {
        ["lora"] = new LoraMethod(new LoraOptions()),
        ["adapter"] = new AdapterMethod(new AdapterOptions()),
        ["ia3"] = new Ia3Method(),
        ["bitfit"] = new BitFitMethod(),
        ["layernorm"] = new LayerNormMethod(),
        ["prefix"] = new PrefixMethod(new PrefixOptions()),
        ["prompt"] = new PromptMethod(new PromptOptions()),
        ["partial"] = new PartialMethod(new PartialOptions()),
        ["full"] = new FullMethod(new FullOptions()),
    };

    public static TheoryData<string> Names => [.. WithoutProjection.Keys];

    /// <summary>What they give is the host's last hidden state, changed only by what trains inside.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void WithoutAWidthThereIsNoProjection(string name)
    {
        TuningMethod method = WithoutProjection[name];
        using DisposeScope scope = torch.NewDisposeScope();
        using Host host = Host.Open("use_lite", method.TrainsBackbone);
        using Host second = Host.Open("use_lite", method.TrainsBackbone);
        TunedBackbone projected = method.Attach(second.Backbone, output: 5);
        using WeightStore projectedStore = projected.Store;
        TunedBackbone tuned = method.Attach(host.Backbone);
        using WeightStore store = tuned.Store;

        TunedFeatures features = tuned.forward(host.Input);

        Assert.Equal(512, tuned.Output);
        Assert.Equal(tuned.Hidden(host.Input).Layers[^1].ToArray<float>(), features.Tokens.ToArray<float>());
        Assert.Equal(
            projected.TrainedParameters().Select(pair => pair.name).Except(["linear.weight", "linear.bias"]).Order(),
            tuned.TrainedParameters().Select(pair => pair.name).Order());
        Assert.Contains("linear.weight", projectedStore.Parameters.Keys);
    }

    [Fact]
    public void OneMethodTunesSeveralStreamsWithDifferentOptions()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(1);
        using var backbone = new TwoTowers();
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        TunedBackbone wide = new LoraMethod(new LoraOptions { Rank = 4 }).Attach(backbone.Streams["image"], weights / "image", null);
        TunedBackbone narrow = new LoraMethod(new LoraOptions { Rank = 2, Targets = [LinearRole.Up] }).Attach(backbone.Streams["text"], weights / "text", 3);
        BackboneInput input = new(("pixels", torch.randn(2, 5, 8)), ("tokens", torch.randn(2, 4, 8)));

        Assert.Equal([4L, 8], store.Parameters["image.blocks.0.query.lora_A.weight"].shape);
        Assert.Equal([2L, 8], store.Parameters["text.blocks.0.up.lora_A.weight"].shape);
        Assert.DoesNotContain("image.linear.weight", store.Parameters.Keys);
        Assert.Equal([2L, 5, 8], wide.forward(input).Tokens.shape);
        Assert.Equal([2L, 4, 3], narrow.forward(input).Tokens.shape);

        // Both from one pass, and each trains what it added.
        BackboneOutput output = backbone.forward(input);
        (wide.Adapt(wide.Stream.Of(output)).Tokens.sum() + narrow.Adapt(narrow.Stream.Of(output)).Tokens.sum()).Backward();
        Assert.All(store.Parameters.Where(pair => pair.Key.Contains("lora_B")), pair => Assert.True(pair.Value.grad!.abs().max().Item() > 0, pair.Key));
    }

    [Fact]
    public void AnUnknownStreamIsToldWhichThereAre()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var backbone = new TwoTowers();
        BackboneOutput output = backbone.forward(new(("pixels", torch.randn(1, 2, 8)), ("tokens", torch.randn(1, 2, 8))));

        Refused("two_towers has no stream joint; it has image, text.", () => _ = backbone.Streams["joint"]);
        Refused("two_towers has the streams image, text; say which.", () => _ = backbone.Streams.Only);
        Refused("The backbone gave no stream joint; it gave image, text.", () => _ = output["joint"]);
        Refused("The backbone gave the streams image, text; say which.", () => _ = output.Only);
    }

    [Fact]
    public void AMethodThatIsNotDefinedForAStreamSaysWhichStream()
    {
        using var backbone = new TwoTowers();
        Refused(
            "prompt is not defined for the stream text of two_towers: there is no token sequence that a prompt could stand in front of.",
            () => new PromptMethod(new PromptOptions()).Attach(backbone.Streams["text"]));
        Refused(
            "lora is not defined for the stream image of two_towers with the linear maps [expand]: no block has any of them.",
            () => new LoraMethod(new LoraOptions { Targets = [LinearRole.Expand] }).Attach(backbone.Streams["image"]));
    }

    [Fact]
    public void TheConfidenceOfAnExampleHasTheLayersNames()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Host host = Host.Open("use_lite");
        TunedBackbone tuned = new UniPTMethod(new UniPTOptions { Width = 8 }).Attach(host.Backbone);
        using WeightStore store = tuned.Store;

        TunedFeatures features = tuned.forward(host.Input);
        IReadOnlyList<(string Layer, float Weight)> confidence = features.ConfidenceOf(1);

        Assert.Equal(512, tuned.Output);
        Assert.Equal(["embedding", "layer 1"], confidence.Select(pair => pair.Layer));
        Assert.Equal(features.Confidence!.select(0, 1).ToArray<float>(), confidence.Select(pair => pair.Weight));
        Assert.Equal(1, confidence.Sum(pair => pair.Weight), 1e-5);
        Assert.Empty(new BitFitMethod().Attach(host.Backbone).forward(host.Input).ConfidenceOf(0));
    }

    private static void Refused(string message, Action action) => Assert.Equal(message, Assert.Throws<UserException>(action).Message);

    /// <summary>Two small Transformers in one backbone, one beside the other.</summary>
    private sealed class TwoTowers : Backbone
    {
        private readonly TransformerBlock[] _blocks;

        public TwoTowers() : this(Torch.Weights.Fresh(3))
        {
        }

        private TwoTowers(Weights weights) : base(weights.Store)
        {
            var shape = new BlockShape(8, 16, 2);
            _blocks = [new PreNormBlock(weights / 0, shape), new PreNormBlock(weights / 1, shape)];
            Streams = new(Of("image", 0), Of("text", 1));
            Store.Trainable.ToList().ForEach(pair => pair.Value.requires_grad = false);

            BackboneStream Of(string name, int i) =>
                new(this, name, HiddenLayout.Tokens, [8, 8], ["embedding", "layer 1"]) { Blocks = [_blocks[i].Points("layer 1", weights / i)] };
        }

        public override string Name => "two_towers";

        public override BackboneStreams Streams { get; }

        protected override BackboneOutput Compute(BackboneInput input) => new(
            ("image", new HiddenStates([input.Pixels.alias(), _blocks[0].Forward(input.Pixels)])),
            ("text", new HiddenStates([input.Tokens.alias(), _blocks[1].Forward(input.Tokens)])));
    }
}
