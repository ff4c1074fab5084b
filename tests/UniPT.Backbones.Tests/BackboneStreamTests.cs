using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Backbones.Tests;

public sealed class BackboneStreamTests
{
    [Fact]
    public void TheChosenHiddenStatesAreGivenOut()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Backbone whole = Open();
        using WeightStore store = whole.Store;
        BackboneStream stream = whole.Streams["image"];
        BackboneStream chosen = stream.Select([1, 3]);
        var input = new BackboneInput(torch.rand(1, 3, 32, 32));
        IReadOnlyList<Tensor> all = stream.Read(input).Layers;
        Assert.Equal([32, 1280], chosen.Widths);
        Assert.Equal(["stride 8", "stride 32"], chosen.LayerNames);
        Assert.Equal([all[1].ToBytes(), all[3].ToBytes()], chosen.Read(input).Layers.Select(layer => layer.ToBytes()));
        Assert.Same(stream.Blocks, chosen.Blocks);
    }

    [Theory]
    [InlineData(-1, 2, "mobilenet_v2 has the hidden states 0 to 3; layer -1 is none of them.")]
    [InlineData(0, 4, "mobilenet_v2 has the hidden states 0 to 3; layer 4 is none of them.")]
    [InlineData(2, 2, "The layers [2, 2] of mobilenet_v2 must rise.")]
    [InlineData(3, 1, "The layers [3, 1] of mobilenet_v2 must rise.")]
    public void OthersAreRefused(int first, int second, string message)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Backbone whole = Open();
        using WeightStore store = whole.Store;
        Assert.Equal(message, Assert.Throws<UserException>(() => whole.Streams.Only.Select([first, second])).Message);
    }

    private static Backbone Open() => BackboneRegistry.Open("mobilenet_v2", Path.Combine(RepositoryPaths.Models, "mobilenet_v2.safetensors"));
}
