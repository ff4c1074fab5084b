using UniPT.Backbones.Bert;
using UniPT.Backbones.Clip;
using UniPT.Backbones.ClipVil;
using UniPT.Backbones.ResNet;
using UniPT.Backbones.Tests.ClipVil;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Backbones.Tests;

public sealed class CutBackboneTests
{
    public static TheoryData<string> Hosts => ["use_lite", "mobilenet_v2", "bert", "clip_text", "clip_vit", "clip_resnet", "clip_vil", "resnet"];

    /// <summary>Both halves after one another are the whole, wherever it is cut.</summary>
    [Theory]
    [MemberData(nameof(Hosts))]
    public void TheLateHalfContinuesTheEarlyOne(string host)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Backbone backbone, BackboneInput input) = Open(host);
        using WeightStore store = backbone.Store;
        using IDisposable unrecorded = torch.no_grad();
        HiddenStates whole = backbone.forward(input).Only;
        for (int block = 1; block < backbone.Streams.Only.Blocks.Count; block++)
        {
            CutBackbone cut = backbone.Streams.Only.Cut!(block);
            HiddenStates early = cut.forward(input).Only;
            Assert.Equal(cut.Streams.Only.Widths, early.Layers.Select(layer => (int)layer.size(cut.Streams.Only.Layout == HiddenLayout.Maps ? 1 : 2)));
            Assert.Equal(cut.Streams.Only.Widths.Count, cut.Streams.Only.LayerNames.Count);
            Assert.Equal(backbone.Streams.Only.Widths[^1], cut.LateWidth);
            Assert.Equal(whole.Mask?.ToArray<float>(), early.Mask?.ToArray<float>());
            Assert.All(early.Layers.SkipLast(1).Select((layer, i) => (layer, i)), pair => Tensors.Close(whole.Layers[pair.i], pair.layer));
            byte[] entering = early.Layers[^1].ToBytes();
            Tensors.Close(whole.Layers[^1], cut.Late(early.Layers[^1], early.Mask));
            Assert.Equal(entering, early.Layers[^1].ToBytes());
        }
    }

    [Theory]
    [MemberData(nameof(Hosts))]
    public void GradientsFlowThroughTheLateHalfAndNothingOfItTrains(string host)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Backbone backbone, BackboneInput input) = Open(host);
        using WeightStore store = backbone.Store;
        CutBackbone cut = backbone.Streams.Only.Cut!(backbone.Streams.Only.Blocks.Count - 1);
        HiddenStates early = cut.forward(input).Only;
        Tensor state = early.Layers[^1].detach();
        state.requires_grad = true;
        Tensor late = cut.Late(state, early.Mask);
        (late * torch.randn(late.shape)).sum().Backward();
        Assert.True(state.grad!.abs().max().Item() > 0);
        Assert.Empty(store.Trainable);
    }

    [Fact]
    public void ThereIsNoCutAmongChosenLayers()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Backbone backbone, _) = Open("use_lite");
        using WeightStore store = backbone.Store;
        Assert.Null(backbone.Streams.Only.Select([0, 2]).Cut);
    }

    internal static (Backbone Backbone, BackboneInput Input) Open(string host)
    {
        TorchRuntime.ManualSeed(6);
        if (host is "use_lite" or "mobilenet_v2")
        {
            Backbone real = BackboneRegistry.Open(host, Path.Combine(RepositoryPaths.Models, $"{host}.safetensors"));
            return (real, host == "use_lite" ? Text(8000) : new BackboneInput(torch.rand(2, 3, 64, 32)));
        }

        Weights weights = Weights.Fresh(3);
        (Backbone, BackboneInput) opened = host switch
        {
            "bert" => (new BertEncoder(weights, new BertConfig { Vocabulary = 20, Width = 12, Layers = 3, Heads = 3, FeedForward = 20, Positions = 9 }), Text(20)),
            "resnet" => (new ResNetEncoder(weights, ResNetConfig.Bottlenecks([2, 1, 2, 1], groups: 2, planes: 4)), new BackboneInput(torch.rand(2, 3, 64, 32))),
            "clip_resnet" => (new ClipResNet(weights, new ClipResNetConfig { Blocks = [2, 1, 2, 1], Width = 4, Heads = 2, Output = 5, Resolution = 32 }), new BackboneInput(torch.rand(2, 3, 64, 32))),
            "clip_vil" => (new ClipVilEncoder(weights, ClipVilEncoderTests.Small), ClipVilEncoderTests.Input([3, 5])),
            "clip_text" => (new ClipText(weights, new ClipTextConfig { Vocabulary = 20, MaxTokens = 9, Width = 12, Layers = 3, Heads = 2, Output = 5 }), Text(20)),
            _ => (new ClipVit(weights, new ClipVitConfig { Resolution = 8, Patch = 4, Width = 12, Layers = 3, Heads = 2, Output = 5 }), new BackboneInput(torch.rand(2, 3, 8, 8))),
        };
        foreach (Tensor parameter in weights.Store.Parameters.Values)
        {
            parameter.requires_grad = false;
        }

        return opened;
    }

    private static BackboneInput Text(int vocabulary) => new(torch.randint(1, vocabulary, [3, 5], dtype: ScalarType.Int64), [5, 2, 4]);
}
