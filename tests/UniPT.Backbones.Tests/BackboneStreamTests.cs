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

    [Fact]
    public void OfAMemoryLayersAreChosenBeside()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var states = new HiddenStates([.. Enumerable.Range(0, 3).Select(_ => torch.rand(1, 2, 3))])
        {
            Memory = new HiddenStates([.. Enumerable.Range(0, 4).Select(_ => torch.rand(1, 5, 3))]),
        };
        var backbone = new GivenStates(states);
        var input = new BackboneInput(torch.zeros(1));

        HiddenStates all = backbone.Streams["decoder"].Select([0, 2]).Read(input);
        BackboneStream chosen = backbone.Streams["decoder"].Select([0, 2], memoryLayers: [1, 3]);
        HiddenStates some = chosen.Read(input);

        Assert.Equal((2, 4), (all.Layers.Count, all.Memory!.Layers.Count));
        Assert.Equal([states.Layers[0], states.Layers[2]], some.Layers);
        Assert.Equal([states.Memory!.Layers[1], states.Memory.Layers[3]], some.Memory!.Layers);
        Assert.Equal(["layer 1", "layer 3"], chosen.Memory!.LayerNames);
        Assert.Equal(
            "The layers [3, 1] of the stream encoder of given must rise.",
            Assert.Throws<UserException>(() => backbone.Streams["decoder"].Select([0, 2], memoryLayers: [3, 1])).Message);
        Assert.Equal(
            "the stream encoder of given reads no other stream, of which hidden states could be chosen.",
            Assert.Throws<UserException>(() => backbone.Streams["encoder"].Select([0, 2], memoryLayers: [1])).Message);
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
