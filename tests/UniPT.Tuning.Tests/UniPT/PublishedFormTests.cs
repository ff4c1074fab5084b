using UniPT.Backbones;
using UniPT.Tuning.UniPT;
using UniPT.Tuning.UniPT.EncoderDecoder;

namespace UniPT.Tuning.Tests.UniPT;

/// <summary>The published forms at their published sizes, and what is refused.</summary>
public sealed class PublishedFormTests
{
    private static readonly UniPTOptions Clip4Clip = new() { Form = PublishedForm.Clip4clip };

    [Theory]
    [InlineData(PublishedForm.Vse, 13, 768, 512, 1024, null, 5_921_281)]
    [InlineData(PublishedForm.Clip4clip, 13, 512, 512, 512, 512, 3_940_353)]
    [InlineData(PublishedForm.Clip4clip, 13, 768, 512, 512, 512, 5_644_289)]
    [InlineData(PublishedForm.ClipVil, 13, 768, 384, 768, null, 4_736_641)]
    [InlineData(PublishedForm.Mdetr, 4, 256, 128, 256, null, 198_913 + 33_536)]
    public void ANetworkHasItsPublishedParameters(PublishedForm form, int layers, int channels, int width, int output, int? pooled, long expected)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Assert.Equal(expected, Parameters.Of(weights => new UniPTMethod(new UniPTOptions { Form = form, Width = width })
            .Attach(new GivenStates(States(layers, channels, pooled)), weights, output)));
    }

    [Fact]
    public void TheSidesOfMdetrHaveTheirPublishedParameters()
    {
        UniPTOptions form = PublishedForms.Of(PublishedForm.Mdetr);
        int[] widths = [256, 256, 256, 256];
        Assert.Equal(198_913, Parameters.Of(weights => _ = new SideEncoder(weights, widths, 128, form)));
        Assert.Equal(282_753, Parameters.Of(weights => _ = new SideDecoder(weights, widths, 128, 256, form)));
    }

    [Theory]
    [InlineData(384, 13, 10_960_898)]
    [InlineData(96, 10, 1_937_570)]
    public void TheSidesDerivedForT5HaveTheirParameters(int width, int layers, long expected)
    {
        UniPTOptions form = PublishedForms.Of(PublishedForm.T5Derived);
        int[] widths = [.. Enumerable.Repeat(768, layers)];
        Assert.Equal(expected, Parameters.Of(weights =>
        {
            _ = new SideEncoder(weights / "encoder", widths, width, form);
            _ = new SideDecoder(weights / "decoder", widths, width, 768, form);
        }));
    }

    [Fact]
    public void SingleOptionsReplaceTheForms()
    {
        var options = new UniPTOptions { Form = PublishedForm.ClipVil, Residual = MergeResidual.None, UpRelu = true };
        Assert.Equal(PublishedForms.Of(PublishedForm.ClipVil) with { Residual = MergeResidual.None, UpRelu = true }, options.Resolved);
        Assert.Equal(options.Resolved, options.Resolved.Resolved);
    }

    [Fact]
    public void EveryFormChoosesInEveryOptionButTheWidth()
    {
        string[] open = [nameof(UniPTOptions.Width), nameof(UniPTOptions.Reduction)];
        Assert.All(Enum.GetValues<PublishedForm>(), form => Assert.Equal(
            open,
            typeof(UniPTOptions).GetProperties().Where(option => option.GetValue(PublishedForms.Of(form)) is null).Select(option => option.Name)));
    }

    [Theory]
    [InlineData(PublishedForm.Vse, 1e-8, EpsilonUse.Added, MergeResidual.Identity, MergedMap.LinearNorm, true, false)]
    [InlineData(PublishedForm.Clip4clip, 1e-6, EpsilonUse.Clamped, MergeResidual.SummaryToken, MergedMap.None, true, false)]
    [InlineData(PublishedForm.ClipVil, 1e-6, EpsilonUse.Added, MergeResidual.Identity, MergedMap.TwoLayerNorm, false, false)]
    [InlineData(PublishedForm.Mdetr, 1e-7, EpsilonUse.Added, MergeResidual.Identity, MergedMap.TwoLayerNorm, true, true)]
    public void TheFormsDifferAsTheirCodeDoes(PublishedForm form, double epsilon, EpsilonUse use, MergeResidual residual, MergedMap map, bool relu, bool norm)
    {
        UniPTOptions options = PublishedForms.Of(form);
        Assert.Equal((epsilon, use, residual, map, relu, norm), (options.Epsilon, options.EpsilonUse, options.Residual, options.MergedMap, options.UpRelu, options.UpNorm));
    }

    [Fact]
    public void ABackboneWithoutPooledOutputIsRefused() => Refused(Clip4Clip, null, 8, "given gives none");

    [Fact]
    public void AnotherWidthThanThePooledOutputsIsRefused() => Refused(Clip4Clip, 6, 8, "its width 6, not 8");

    [Fact]
    public void OneQueryIsNeitherCausalNorBesideAnIdentity()
    {
        Refused(Clip4Clip with { Causal = true }, 6, 6, "causal: true");
        Refused(Clip4Clip with { Residual = MergeResidual.Identity }, 6, 6, "residual: identity");
    }

    private static void Refused(UniPTOptions options, int? pooled, int output, string message)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        HiddenStates states = States(3, 8, pooled);
        var error = Assert.Throws<UserException>(() => Parameters.Of(weights => new UniPTMethod(options).Attach(new GivenStates(states), weights, output)));
        Assert.Contains(message, error.Message);
    }

    private static HiddenStates States(int layers, int channels, int? pooled) =>
        new([.. Enumerable.Range(0, layers).Select(_ => torch.zeros(1, 1, channels))]) { Pooled = pooled is { } width ? torch.zeros(1, width) : null };
}
