using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.UniPT;

namespace UniPT.Tuning.Tests.UniPT;

/// <summary>What does not fit a backbone or each other is refused in a sentence.</summary>
public sealed class UniPTCheckTests
{
    private const int Output = 12;

    private static readonly Dictionary<string, UniPTOptions> Refused = new()
    {
        ["The width of unipt is given twice, by width: 6 and by reduction: 2; it may be given once."] = new() { Width = 6, Reduction = 2 },
        ["The reduction of unipt is 5; it must divide the width 12 of the adapted features."] = new() { Reduction = 5 },
        ["The option heads belongs to interaction: attention, and another interaction is chosen."] = new() { Heads = 2 },
        ["The parallel network of unipt beside given is 6 wide; its 4 heads must divide that."] = new() { Reduction = 2, Interaction = Interaction.Attention },
        ["With the options interaction: none and residual: none nothing of the layers is left to merge."] =
            new() { Interaction = Interaction.None, Residual = MergeResidual.None },
        ["With the option interaction: none layers do not interact, so across_layers: true is not defined."] =
            new() { Interaction = Interaction.None, AcrossLayers = true },
        ["With the option aggregation: last only one layer is read, of which anchor: mean_of_layers has no mean to take."] =
            new() { Aggregation = Aggregation.Last, Anchor = AnchorSource.MeanOfLayers },
        ["With the option across_layers: true merged layers read their neighbours, so at least 2 must be merged; here 1 is."] =
            new() { Aggregation = Aggregation.Last, AcrossLayers = true },
        ["With the option anchor: pooled the pooled output is projected, so layer_map: none is not defined."] =
            new() { Form = PublishedForm.Clip4clip, LayerMap = LayerMap.None },
        ["With the option layer_map: none the network is as wide as the widest layer, so neither width nor reduction may be given."] =
            new() { Form = PublishedForm.ParameterFree, Width = 8 },
        ["The direct path starts with the network beside it silent; without an output projection, as with layer_map: none beside given, it cannot be."] =
            new() { Form = PublishedForm.ParameterFree, Direct = new() { Enabled = true } },
    };

    public static TheoryData<string> Sentences => [.. Refused.Keys];

    [Theory]
    [MemberData(nameof(Sentences))]
    public void BesideTokensItIsSaidWhatDoesNotFit(string sentence)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var states = new HiddenStates([.. Enumerable.Range(0, 3).Select(_ => torch.zeros(1, 2, Output))]) { Pooled = torch.zeros(1, Output) };
        Assert.Equal(sentence, Message(states, Refused[sentence]));
    }

    [Fact]
    public void OneMergedLayerHasNoNeighbours()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var states = new HiddenStates([torch.zeros(1, 2, 3), torch.zeros(1, 2, 3)]);
        Assert.EndsWith("at least 2 must be merged; here 1 is.", Message(states, new() { AcrossLayers = true }));
        Assert.Null(Message(states, new() { AcrossLayers = true, Anchor = AnchorSource.MeanOfLayers }));
    }

    [Fact]
    public void PixelsNeedAnInteractionAndHaveNoMeanAcrossMaps()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var states = new HiddenStates([torch.zeros(1, 2, 4, 4), torch.zeros(1, 3, 2, 2)]);
        UniPTOptions pixels = new() { PreInteraction = PreInteraction.None };
        Assert.StartsWith("The maps of given stay as they are", Message(states, pixels with { Interaction = Interaction.None }));
        Assert.StartsWith("The maps of given differ in size", Message(states, pixels with { Anchor = AnchorSource.MeanOfLayers }));
        Assert.StartsWith("The maps of given differ in size", Message(states, pixels with { Causal = true }));
        Assert.Null(Message(states, pixels));
    }

    /// <summary>The sentence; null where the options fit.</summary>
    private static string? Message(HiddenStates states, UniPTOptions options)
    {
        using WeightStore store = Weights.Fresh(1).Store;
        Exception? error = Record.Exception(() => Parameters.Of(weights => new UniPTMethod(options).Attach(new GivenStates(states), weights, Output)));
        Assert.True(error is null or UserException, $"{error}");
        return error?.Message;
    }
}
