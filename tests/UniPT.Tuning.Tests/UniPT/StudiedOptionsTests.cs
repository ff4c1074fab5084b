using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.Tests.Hosts;
using UniPT.Tuning.UniPT;

namespace UniPT.Tuning.Tests.UniPT;

/// <summary>What the options of the studies train, read and keep beside real backbones.</summary>
public sealed class StudiedOptionsTests
{
    private const int Width = 16;
    private static readonly UniPTOptions Plain = new() { Width = Width };
    private static readonly int[] Channels = [256, 512, 512];
    private static readonly string[] Ends = ["projection_layer.0", "projection_layer.1", "upsample_layer.1"];

    private static readonly Dictionary<string, UniPTOptions> All = new()
    {
        ["softmax"] = Plain with { Interaction = Interaction.Softmax },
        ["attention"] = Plain with { Interaction = Interaction.Attention },
        ["no interaction"] = Plain with { Interaction = Interaction.None },
        ["mean"] = Plain with { Aggregation = Aggregation.Mean },
        ["sum"] = Plain with { Aggregation = Aggregation.Sum },
        ["learned"] = Plain with { Aggregation = Aggregation.Learned },
        ["last"] = Plain with { Aggregation = Aggregation.Last },
        ["similarity"] = Plain with { Aggregation = Aggregation.Similarity },
        ["task"] = Plain with { Aggregation = Aggregation.Task },
        ["mean of layers"] = Plain with { Anchor = AnchorSource.MeanOfLayers },
        ["across layers"] = Plain with { AcrossLayers = true },
        ["cell means"] = Plain with { PreInteraction = PreInteraction.Mean },
        ["pixels"] = Plain with { PreInteraction = PreInteraction.None },
        ["without parameters"] = new() { Form = PublishedForm.ParameterFree },
        ["recomputed"] = Plain with { Checkpoint = true },
    };

    public static TheoryData<string> Names => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void PaddingIsNotSeenAndNothingIsLeftBehind(string name)
    {
        var method = new UniPTMethod(All[name]);
        MethodContract.DoesNotSeePadding(method);
        MethodContract.LeaksNothing("use_lite", method);
        MethodContract.LeaksNothing("mobilenet_v2", method);
    }

    [Fact]
    public void AttentionTrainsItsFourMaps() => Trains(
        Plain with { Interaction = Interaction.Attention, Heads = 2 },
        Gate + (4 * (Width + 1) * Width),
        ["gate_layer", .. Maps("interaction")]);

    [Fact]
    public void AttentionAcrossLayersTrainsFourMore() => Trains(
        Plain with { Interaction = Interaction.Attention, AcrossLayers = true },
        Gate + (8 * (Width + 1) * Width),
        ["gate_layer", .. Maps("interaction"), .. Maps("neighbours")]);

    [Theory]
    [InlineData(Aggregation.Mean)]
    [InlineData(Aggregation.Sum)]
    [InlineData(Aggregation.Similarity)]
    public void WithoutConfidenceThereIsNoGate(Aggregation aggregation) => Trains(Plain with { Aggregation = aggregation }, 0, []);

    [Fact]
    public void ConstantsTrainOneNumberALayer() => MethodContract.TrainsOnly(
        "use_lite", new UniPTMethod(Plain with { Aggregation = Aggregation.Learned }), Rest + 2, [.. Around([]), "method.gate_layer.constants"]);

    [Fact]
    public void TheVectorOfTheTaskTrains() => MethodContract.TrainsOnly(
        "use_lite", new UniPTMethod(Plain with { Aggregation = Aggregation.Task }), Rest + Gate + Width, [.. Around(["gate_layer"]), "method.gate_layer.task"]);

    [Fact]
    public void AtItsStartTheTaskGateIsThePublishedOne()
    {
        using var published = new Trial("use_lite", new UniPTMethod(Plain));
        using var task = new Trial("use_lite", new UniPTMethod(Plain with { Aggregation = Aggregation.Task }));
        Assert.Equal(published.Features(), task.Features());
    }

    [Fact]
    public void TheReductionIsOfTheAdaptedFeatures()
    {
        using var trial = new Trial("use_lite", new UniPTMethod(new UniPTOptions { Reduction = 2 }));
        Assert.Equal([Trial.Output / 2, 256], trial.Tuned.Store.Parameters["method.downsample_layers.0.0.weight"].shape);
    }

    [Fact]
    public void OfTheLastMergedLayerAloneNothingElseIsRead()
    {
        using var last = new Trial("use_lite", new UniPTMethod(Plain with { Aggregation = Aggregation.Last }));
        Assert.Equal(["layer 1"], last.Tuned.MergedLayers);
        Assert.Equal(2, last.Tuned.Stream.Widths.Count);
        using DisposeScope scope = torch.NewDisposeScope();
        Assert.All(last.Tuned.forward(last.Host.Input).Confidence!.ToArray<float>(), weight => Assert.Equal(1, weight));
    }

    [Fact]
    public void BesideALayerOfTheFeaturesWidthTheFormWithoutParametersHasNone()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        HiddenStates tokens = new([torch.randn(2, 3, 4), torch.randn(2, 3, 8), torch.randn(2, 3, 8)], [3, 1]);
        HiddenStates maps = new([torch.randn(2, 4, 5, 4), torch.randn(2, 8, 2, 2)]);
        var method = new UniPTMethod(new UniPTOptions { Form = PublishedForm.ParameterFree });
        foreach (HiddenStates states in new[] { tokens, maps })
        {
            Assert.Equal(0, Parameters.Of(weights => method.Attach(new GivenStates(states), weights, 8)));
            Assert.Equal(9 * 5, Parameters.Of(weights => method.Attach(new GivenStates(states), weights, 5)));
        }
    }

    private static int Gate => Width + 1;

    private static int Rest => Channels.Sum(channels => (channels + 3) * Width) + ((Width + 3) * Width) + ((Width + 1) * Trial.Output);

    private static void Trains(UniPTOptions options, int besides, string[] places) =>
        MethodContract.TrainsOnly("use_lite", new UniPTMethod(options), Rest + besides, [.. Around(places)]);

    private static IEnumerable<string> Around(string[] places) => Ends
        .Concat(Channels.SelectMany((_, i) => new[] { $"downsample_layers.{i}.0", $"downsample_layers.{i}.1" }))
        .Concat(places)
        .SelectMany(place => new[] { $"method.{place}.weight", $"method.{place}.bias" });

    private static IEnumerable<string> Maps(string place) => new[] { "query", "key", "value", "output" }.Select(name => $"{place}.{name}");
}
