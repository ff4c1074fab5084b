using UniPT.Backbones.Regions;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Backbones.Tests.Regions;

public sealed class RegionFeaturesTests
{
    [Fact]
    public void RegionsAreTheHiddenState()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var backbone = new RegionFeatures(5);
        Assert.Equal(("image", HiddenLayout.Tokens), (backbone.Streams.Only.Name, backbone.Streams.Only.Layout));
        Assert.Equal([5], backbone.Streams.Only.Widths);
        Tensor regions = torch.rand(2, 3, 5);
        Tensor mask = TensorData.From([1L, 1, 0, 1, 1, 1], 2, 3);
        HiddenStates states = backbone.forward(new BackboneInput((BackboneInput.RegionsPart, regions), (BackboneInput.MaskPart, mask))).Only;
        Assert.Equal(regions.ToArray<float>(), Assert.Single(states.Layers).ToArray<float>());
        Assert.Equal([1, 1, 0, 1, 1, 1], states.Mask!.ToArray<float>());
        states.Layers[0].Dispose();
        Assert.Equal([2, 3, 5], regions.shape);
        Assert.Null(backbone.forward(new BackboneInput((BackboneInput.RegionsPart, regions))).Only.Mask);
        Assert.Equal(ScalarType.Float32, backbone.forward(new BackboneInput((BackboneInput.RegionsPart, regions.to(ScalarType.Float16)))).Only.Layers[0].dtype);
    }

    /// <summary>Recipes name no weights; there it has the published width.</summary>
    [Fact]
    public void ItNeedsNoWeights()
    {
        Backbone backbone = BackboneRegistry.Open("regions", null);
        using WeightStore store = backbone.Store;
        Assert.Equal([2048], backbone.Streams.Only.Widths);
        Assert.Equal(BackboneFingerprint.Of((string?)null), backbone.Fingerprint);
        Assert.False(BackboneRegistry.NeedsWeights("regions"));
        Assert.True(BackboneRegistry.NeedsWeights("bert"));
        Assert.Equal("The backbone bert was given no weights; it needs some.", Assert.Throws<UserException>(() => BackboneRegistry.Open("bert", null)).Message);
    }

    /// <summary>A file without tensors is the same.</summary>
    [Fact]
    public void ItsWeightsMayBeAFileOfNone()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("none.safetensors");
        SafetensorsWriter.Write(path, new Dictionary<string, Tensor>());
        Backbone backbone = BackboneRegistry.Open("regions", path);
        using WeightStore store = backbone.Store;
        Assert.Equal([2048], backbone.Streams.Only.Widths);
        Assert.Equal(0, store.ParameterCount);
        Assert.Equal(BackboneFingerprint.Of((string?)null), backbone.Fingerprint);
        using DisposeScope scope = torch.NewDisposeScope();
        SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["surplus"] = torch.ones(1) });
        Assert.Contains("surplus", Assert.Throws<UserException>(() => BackboneRegistry.Open("regions", path)).Message);
    }

    [Fact]
    public void OtherInputsAreRefused()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var backbone = new RegionFeatures(5);
        Refused("regions takes features of regions [B, R, 5]; it was given pixels and no regions.", BackboneInput.Pictures(torch.zeros(1, 3, 4, 4)));
        Refused("regions takes features of regions [B, R, 5]; it was given [2, 3, 4] of Float32.", new((BackboneInput.RegionsPart, torch.zeros(2, 3, 4))));
        Refused("regions takes features of regions [B, R, 5]; it was given [2, 0, 5] of Float32.", new((BackboneInput.RegionsPart, torch.zeros(2, 0, 5))));
        Refused("regions takes features of regions [B, R, 5]; it was given [2, 3, 5] of Int64.", new((BackboneInput.RegionsPart, torch.zeros([2, 3, 5], ScalarType.Int64))));
        Refused(
            "regions takes a mask with one number for every region; it was given [2, 4].",
            new((BackboneInput.RegionsPart, torch.zeros(2, 3, 5)), (BackboneInput.MaskPart, torch.ones(2, 4))));

        void Refused(string expected, BackboneInput input) => Assert.Equal(expected, Assert.Throws<UserException>(() => backbone.forward(input)).Message);
    }

    [Fact]
    public void ForwardsLeaveNothingBehind()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var backbone = new RegionFeatures(5);
        var input = new BackboneInput((BackboneInput.RegionsPart, torch.rand(2, 3, 5)), (BackboneInput.MaskPart, torch.ones(2, 3)));
        Leaks.None(() => backbone.forward(input));
    }
}
