using UniPT.Backbones;
using UniPT.Backbones.Regions;
using UniPT.Torch;
using UniPT.Tuning.Adapters;
using UniPT.Tuning.BitFit;
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

namespace UniPT.Tuning.Tests;

/// <summary>A backbone of one hidden state and without weights: the head is defined for it, and other methods say why they are not.</summary>
public sealed class RegionsTests
{
    private static readonly TuningMethod[] Undefined =
    [
        new UniPTMethod(new UniPTOptions { Width = 4 }), new LstMethod(new LstOptions()), new SherlMethod(new SherlOptions()), new LoraMethod(new LoraOptions()),
        new AdapterMethod(new AdapterOptions()), new Ia3Method(), new PrefixMethod(new PrefixOptions()), new PromptMethod(new PromptOptions()), new BitFitMethod(),
        new LayerNormMethod(), new PartialMethod(new PartialOptions()),
    ];

    public static TheoryData<string> Names => [.. Undefined.Select(method => method.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void OtherMethodsSayWhyNot(string name)
    {
        using var backbone = new RegionFeatures(8);
        var error = Assert.Throws<UserException>(() => Undefined.Single(method => method.Name == name).Attach(backbone.Streams.Only, 6));
        Assert.Contains(name, error.Message);
        Assert.Contains("regions", error.Message);
    }

    [Fact]
    public void LstNamesWhatItNeeds()
    {
        using var backbone = new RegionFeatures(8);
        Assert.Equal(
            "lst climbs from one hidden state to the next, so it needs at least 2; regions was given with 1.",
            Assert.Throws<UserException>(() => new LstMethod(new LstOptions()).Attach(backbone.Streams.Only, 6)).Message);
    }

    [Fact]
    public void TheHeadTrains()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var backbone = new RegionFeatures(8);
        using TunedBackbone tuned = new HeadMethod(new HeadOptions()).Attach(backbone.Streams.Only, 6);
        TunedFeatures features = tuned.forward(new BackboneInput((BackboneInput.RegionsPart, torch.rand(2, 3, 8)), (BackboneInput.MaskPart, torch.ones(2, 3))));
        Assert.Equal([2, 3, 6], features.Tokens.shape);
        Assert.Equal([2, 3], features.Mask!.shape);
        features.Tokens.sum().Backward();
        Assert.All(tuned.TrainedParameters(), pair => Assert.NotNull(pair.parameter.grad));
    }
}
