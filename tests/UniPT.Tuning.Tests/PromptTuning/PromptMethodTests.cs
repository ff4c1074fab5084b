using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.PromptTuning;
using UniPT.Tuning.Tests.Hosts;

namespace UniPT.Tuning.Tests.PromptTuning;

public sealed class PromptMethodTests
{
    [Fact]
    public void ThePromptTrains() =>
        MethodContract.TrainsExactly("use_lite", new PromptMethod(new PromptOptions { Length = 7 }), (7 * 256) + MethodContract.Linear(512), "method.prompt");

    [Fact]
    public void ItStartsAsTheFirstWordsOfTheVocabulary()
    {
        using var trial = new Trial("use_lite", new PromptMethod(new PromptOptions { Length = 3 }));
        using Host frozen = Host.Open("use_lite");
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor ids = torch.cat([torch.arange(Scalars.Of(0), Scalars.Of(3), Scalars.Of(1), dtype: ScalarType.Int64).unsqueeze(0).expand(3, 3), frozen.Input.Values], 1);
        HiddenStates expected = frozen.Backbone.forward(BackboneInput.Texts(ids, nn.functional.pad(frozen.Input.Mask!, [3, 0], value: 1))).Only;

        HiddenStates actual = trial.Tuned.Hidden(frozen.Input);

        Assert.Equal(frozen.Input.Mask!.ToArray<float>(), actual.Mask!.ToArray<float>());
        Assert.All(expected.Layers.Zip(actual.Layers), pair => Assert.Equal(0, (pair.First.narrow(1, 3, 3) - pair.Second).abs().max().Item(), 1e-4));
    }

    [Theory]
    [InlineData(127, true)]
    [InlineData(128, false)]
    [InlineData(0, false)]
    [InlineData(-1, false)]
    public void APromptMustLeaveRoomForTheText(int length, bool fits)
    {
        Trial Attach() => new("use_lite", new PromptMethod(new PromptOptions { Length = length }));
        if (fits)
        {
            using Trial trial = Attach();
            Assert.Equal(3 * Trial.Output, trial.Features().Length);
            return;
        }

        var error = Assert.Throws<UserException>(Attach);
        Assert.Equal($"The length of prompt is {length}; use_lite has 128 positions, so it must be from 1 to 127.", error.Message);
    }

    [Fact]
    public void NothingIsLeftBehind() => MethodContract.LeaksNothing("use_lite", new PromptMethod(new PromptOptions()));

    [Fact]
    public void ItIsNotDefinedForMaps()
    {
        var error = Assert.Throws<UserException>(() => new Trial("mobilenet_v2", new PromptMethod(new PromptOptions())));
        Assert.Equal("prompt is not defined for mobilenet_v2: there is no token sequence that a prompt could stand in front of.", error.Message);
        MethodContract.RefusesAClosedBackbone(new PromptMethod(new PromptOptions()));
    }
}
