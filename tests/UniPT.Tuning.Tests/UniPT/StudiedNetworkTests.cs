using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.Tests.Reference;
using UniPT.Tuning.UniPT;

namespace UniPT.Tuning.Tests.UniPT;

/// <summary>Every option of the studies against its plain formulation: features, gradients of weights and hidden states.</summary>
public sealed class StudiedNetworkTests
{
    private static readonly UniPTOptions Plain = new() { Width = 6 };

    private static readonly Dictionary<string, UniPTOptions> OfTokens = new()
    {
        ["softmax"] = Plain with { Interaction = Interaction.Softmax },
        ["attention"] = Plain with { Interaction = Interaction.Attention, Heads = 3 },
        ["no interaction"] = Plain with { Interaction = Interaction.None },
        ["mean"] = Plain with { Aggregation = Aggregation.Mean },
        ["sum"] = Plain with { Aggregation = Aggregation.Sum },
        ["learned"] = Plain with { Aggregation = Aggregation.Learned },
        ["similarity"] = Plain with { Aggregation = Aggregation.Similarity },
        ["task"] = Plain with { Aggregation = Aggregation.Task },
        ["mean of layers"] = Plain with { Anchor = AnchorSource.MeanOfLayers },
        ["across layers"] = Plain with { AcrossLayers = true },
        ["attention across layers around their mean"] =
            Plain with { AcrossLayers = true, Anchor = AnchorSource.MeanOfLayers, Interaction = Interaction.Attention, Heads = 2 },
        ["equal shares without interaction"] = Plain with { Interaction = Interaction.None, Aggregation = Aggregation.Mean },
        ["recomputed"] = Plain with { Checkpoint = true },
        ["recomputed attention"] = Plain with { Checkpoint = true, Interaction = Interaction.Attention, Aggregation = Aggregation.Task, Heads = 1 },
        ["without parameters"] = new() { Form = PublishedForm.ParameterFree },
        ["without projections"] = new() { LayerMap = LayerMap.None, Aggregation = Aggregation.Learned, Interaction = Interaction.None, MergedMap = MergedMap.None },
    };

    private static readonly Dictionary<string, UniPTOptions> OfMaps = new()
    {
        ["mean"] = Plain with { PreInteraction = PreInteraction.Mean },
        ["pixels"] = Plain with { PreInteraction = PreInteraction.None },
        ["softmax of pixels"] = Plain with { PreInteraction = PreInteraction.None, Interaction = Interaction.Softmax, Checkpoint = true },
        ["mean across layers around their mean"] = Plain with { PreInteraction = PreInteraction.Mean, AcrossLayers = true, Anchor = AnchorSource.MeanOfLayers },
        ["without parameters"] = new() { Form = PublishedForm.ParameterFree },
    };

    private static readonly UniPTOptions OneQuery = Plain with { Form = PublishedForm.Clip4clip };

    private static readonly Dictionary<string, UniPTOptions> OfPooled = new()
    {
        ["softmax"] = OneQuery with { Interaction = Interaction.Softmax },
        ["attention"] = OneQuery with { Interaction = Interaction.Attention, Heads = 2 },
        ["no interaction"] = OneQuery with { Interaction = Interaction.None },
        ["task"] = OneQuery with { Aggregation = Aggregation.Task, Checkpoint = true },
        ["learned"] = OneQuery with { Aggregation = Aggregation.Learned },
        ["across layers"] = OneQuery with { AcrossLayers = true },
    };

    public static TheoryData<string> NamesOfTokens => [.. OfTokens.Keys];

    public static TheoryData<string> NamesOfMaps => [.. OfMaps.Keys];

    public static TheoryData<string> NamesOfPooled => [.. OfPooled.Keys];

    [Theory]
    [MemberData(nameof(NamesOfTokens))]
    public void TheNetworkOfTokensIsItsDefinition(string name)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(3);

        // More tokens than are merged at once.
        int[] lengths = [.. Enumerable.Range(0, 11).Select(row => 130 - (row * 12))];
        var states = new HiddenStates([.. Enumerable.Range(0, 4).Select(i => torch.randn(11, 130, 4 + (i / 2)))], lengths);
        UniPTOptions options = OfTokens[name];
        NetworkComparison.Same(states, options, 7, (weights, layers) => new StudiedNetwork(weights, options.Resolved).Forward(layers, states.Mask));
    }

    [Theory]
    [MemberData(nameof(NamesOfMaps))]
    public void TheNetworkOfMapsIsItsDefinition(string name)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(4);
        var states = new HiddenStates([.. new[] { 6, 4, 2 }.Select((size, i) => torch.randn(3, 4 + i, size, size * 2))]);
        UniPTOptions options = OfMaps[name];
        bool pixels = options.PreInteraction == PreInteraction.None;
        UniPTOptions complete = options.Resolved with { Residual = pixels ? MergeResidual.None : MergeResidual.Identity };
        NetworkComparison.Same(
            states,
            options,
            7,
            (weights, maps) => new StudiedNetwork(weights, complete).Forward(
                [.. maps.Select((map, i) => HiddenTokens.Of(pixels || i == 2 ? map : nn.functional.avg_pool2d(map, (3 - i, 3 - i))).contiguous())]),
            maps: true);
    }

    [Theory]
    [MemberData(nameof(NamesOfPooled))]
    public void TheNetworkOfOneQueryIsItsDefinition(string name)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(5);
        Tensor pooled = torch.randn(3, 8);
        var states = new HiddenStates([.. Enumerable.Range(0, 3).Select(_ => torch.randn(3, 5, 4))], [5, 1, 3]) { Pooled = pooled };
        Tensor place = TensorData.From([.. new[] { 4, 0, 2 }.SelectMany(last => Enumerable.Range(0, 5).Select(token => token == last ? 1f : 0))], 3, 1, 5);
        UniPTOptions options = OfPooled[name];
        NetworkComparison.Same(
            states, options, 8, (weights, layers) => new StudiedNetwork(weights, options.Resolved).Forward(layers, states.Mask, pooled, place));
    }
}
