using UniPT.Backbones;
using UniPT.Backbones.Bert;
using UniPT.Torch;
using UniPT.Tuning.Lst;
using UniPT.Tuning.Tests.Hosts;

namespace UniPT.Tuning.Tests.Lst;

public sealed class LstMethodTests
{
    [Fact]
    public void TheSideNetworkOfATransformerTrains() => MethodContract.TrainsOnly(
        "use_lite",
        new LstMethod(new LstOptions()),
        (257 * 64) + (2 * 513 * 64) + 2 + (2 * Layer(64, 192)) + (65 * Trial.Output),
        [.. Names("first_downsample", "downsamples.0", "downsamples.1", "final_upsample"), "method.side_gate_params.0", "method.side_gate_params.1", .. Layers(0, 1)]);

    [Fact]
    public void TheSideNetworkOfANetworkOfMapsTrains() => MethodContract.TrainsOnly(
        "mobilenet_v2",
        new LstMethod(new LstOptions { Reduction = 32, Gate = GateKind.Constant, Bias = false, Dropped = [2] }),
        (40 * (24 + 32 + 1280)) + (2 * Layer(40, 160)) + (40 * Trial.Output),
        [.. Names("first_downsample", "downsamples.0", "downsamples.2", "final_upsample").Where(name => name.EndsWith("weight")), .. Layers(0, 2)]);

    [Theory]
    [InlineData("use_lite", LstStart.Magnitude)]
    [InlineData("clip_vil", LstStart.Magnitude)]
    [InlineData("mobilenet_v2", LstStart.Random)]
    public void HiddenStatesStayAsTheyAreAndNothingIsLeftBehind(string host, LstStart start)
    {
        var method = new LstMethod(new LstOptions { Start = start });
        using (var trial = new Trial(host, method))
        {
            Assert.False(trial.Tuned.ChangesHiddenStates);
            trial.Train();
            Assert.Equal(Trial.Frozen(host), trial.Hidden());
        }

        MethodContract.LeaksNothing(host, method);
    }

    [Fact]
    public void PaddingIsNotSeen() => MethodContract.DoesNotSeePadding(new LstMethod(new LstOptions()));

    [Fact]
    public void ABackboneThatOnlyYieldsHiddenStatesHasALadderToo()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        var backbone = new GivenStates(new HiddenStates([torch.randn(2, 3, 5), torch.randn(2, 3, 16)]));
        TunedBackbone tuned = new LstMethod(new LstOptions { Reduction = 2, Heads = 2 }).Attach(backbone, weights, 4);
        Assert.Equal([2, 3, 4], tuned.forward(new BackboneInput(torch.zeros(1))).Tokens.shape);
        Assert.Equal([32, 8], store.Parameters["side_block.0.up.weight"].shape);
    }

    [Theory]
    [InlineData("[1, 2]", "lst keeps no layer of use_lite: it has the hidden states 1 to 2 to climb, and [1, 2] are dropped.")]
    [InlineData("[3]", "lst drops the layer 3; use_lite has the hidden states 1 to 2 to drop.")]
    [InlineData("[0]", "lst drops the layer 0; use_lite has the hidden states 1 to 2 to drop.")]
    public void ALadderNeedsRungsThatAreThere(string dropped, string message)
    {
        OptionList<int> layers = [.. dropped.Trim('[', ']').Split(", ").Select(int.Parse)];
        Assert.Equal(message, Assert.Throws<UserException>(() => new Trial("use_lite", new LstMethod(new LstOptions { Dropped = layers }))).Message);
    }

    [Fact]
    public void AWidthStandsForAReduction()
    {
        using var wide = new Trial("bert", new LstMethod(new LstOptions { Width = 8, Heads = 2 }));
        using var reduced = new Trial("bert", new LstMethod(new LstOptions { Reduction = wide.Tuned.Stream.Widths[^1] / 8, Heads = 2 }));
        Assert.Equal(
            reduced.Tuned.Store.Parameters.Select(pair => (pair.Key, string.Join(",", pair.Value.shape))),
            wide.Tuned.Store.Parameters.Select(pair => (pair.Key, string.Join(",", pair.Value.shape))));
    }

    /// <summary>As beside VSE∞'s ResNeXt: 192 of 2048 channels is no whole reduction.</summary>
    [Fact]
    public void AWidthNeedNotDivideThatOfTheBackbone()
    {
        using var trial = new Trial("resnet", new LstMethod(new LstOptions { Width = 12, Heads = 4 }));
        Assert.NotEqual(0, trial.Tuned.Stream.Widths[^1] % 12);
        Assert.Contains(trial.Tuned.Store.Parameters.Values, parameter => parameter.shape is [12, 12]);
    }

    [Fact]
    public void AWidthInWhoseProportionNotAllIsWholeIsRefused()
    {
        Weights frozen = Weights.Meta();
        using WeightStore store = frozen.Store;
        BackboneStream stream = new BertEncoder(frozen, new BertConfig { Vocabulary = 10, Width = 64, Layers = 1, Heads = 2, FeedForward = 96 }).Streams.Only;
        Weights trained = Weights.Meta(trainable: true);
        using WeightStore own = trained.Store;
        Assert.Equal(
            "The width of lst is 7 beside bert, which has 64 channels; its feed-forward width 96 in that proportion would be no whole number.",
            Assert.Throws<UserException>(() => { new LstMethod(new LstOptions { Width = 7 }).Attach(stream, trained, 8); }).Message);
    }

    [Theory]
    [InlineData("use_lite", 5, 0, "The reduction of lst is 5; it must divide the width 512 of use_lite.")]
    [InlineData("use_lite", 0, 0, "The reduction of lst is 0; it must divide the width 512 of use_lite.")]
    [InlineData("use_lite", 8, 3, "The side network of lst for use_lite is 64 wide; its 3 heads must divide that.")]
    [InlineData("mobilenet_v2", 128, 4, "The side network of lst for mobilenet_v2 is 10 wide; its 4 heads must divide that.")]
    public void SizesMustDivide(string host, int reduction, int heads, string message) => Assert.Equal(
        message, Assert.Throws<UserException>(() => new Trial(host, new LstMethod(new LstOptions { Reduction = reduction, Heads = heads }))).Message);

    [Theory]
    [InlineData("mobilenet_v2", 8, "it does not consist of Transformer layers")]
    [InlineData("use_lite", 1, "a layer is 256 wide, less than the 512 of the side network")]
    public void APrunedStartNeedsTransformerLayersThatAreWideEnough(string host, int reduction, string reason) => Assert.Equal(
        $"lst cannot start from a pruned {host}: {reason}.",
        Assert.Throws<UserException>(() => new Trial(host, new LstMethod(new LstOptions { Reduction = reduction, Start = LstStart.Magnitude }))).Message);

    private static long Layer(int width, int inner) => (4 * (width + 1) * width) + (4 * width) + ((width + 1) * inner) + ((inner + 1) * width);

    private static IEnumerable<string> Names(params string[] places) => places.SelectMany(place => new[] { $"method.side_{place}.weight", $"method.side_{place}.bias" });

    private static IEnumerable<string> Layers(params int[] indices) => indices.SelectMany(i => Names(
        [.. new[] { "attention.query", "attention.key", "attention.value", "attention.output", "attention_norm", "up", "down", "feed_forward_norm" }.Select(name => $"block.{i}.{name}")]));
}
