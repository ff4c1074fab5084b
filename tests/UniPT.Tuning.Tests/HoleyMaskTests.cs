using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.Head;
using UniPT.Tuning.Lst;
using UniPT.Tuning.UniPT;

namespace UniPT.Tuning.Tests;

/// <summary>Tokens that do not count need not stand behind the others: a joint sequence has padding in its middle.</summary>
public sealed class HoleyMaskTests
{
    private static readonly long[] Counting = [0, 2, 3, 6];

    [Theory]
    [InlineData("unipt")]
    [InlineData("summary")]
    [InlineData("attention")]
    [InlineData("pooled layers")]
    [InlineData("lst")]
    public void FeaturesAreThoseOfTheTokensAlone(string method)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(2);
        Tensor places = TensorData.From(Counting, Counting.Length);
        Tensor[] all = [.. Enumerable.Range(0, 4).Select(_ => torch.randn(2, 8, 6))];
        Tensor mask = torch.zeros(2, 8).index_fill_(1, places, Scalars.Of(1));
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        TunedBackbone tuned = Make(method).Attach(new GivenStates(new HiddenStates(all)), weights, 5);

        TunedFeatures holey = tuned.Adapt(new HiddenStates(all, mask));
        TunedFeatures alone = tuned.Adapt(new HiddenStates([.. all.Select(state => state.index_select(1, places))], torch.ones(2, Counting.Length)));

        Tensor counting = holey.Tokens.size(1) == 1 ? holey.Tokens : holey.Tokens.index_select(1, places);
        Assert.Equal(0, (counting - alone.Tokens).abs().max().Item(), 1e-5);
        Assert.Equal(alone.Confidence?.size(0), holey.Confidence?.size(0));
        Assert.True(holey.Confidence is null || (holey.Confidence - alone.Confidence!).abs().max().Item() < 1e-5);
    }

    private static TuningMethod Make(string method) => method switch
    {
        "unipt" => new UniPTMethod(new UniPTOptions { Width = 4 }),
        "summary" => new UniPTMethod(new UniPTOptions { Width = 4, Residual = MergeResidual.SummaryToken }),
        "attention" => new UniPTMethod(new UniPTOptions { Width = 4, Interaction = Interaction.Attention, Heads = 2 }),
        "lst" => new LstMethod(new LstOptions { Reduction = 1, Heads = 2 }),
        _ => new HeadMethod(new HeadOptions { Joined = [1, 3] }),
    };
}
