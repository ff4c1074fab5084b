using UniPT.Backbones.Clip;
using UniPT.Torch;

namespace UniPT.Backbones.Tests.Clip;

public sealed class ClipTests
{
    private static readonly ClipVitConfig SmallImage = new() { Resolution = 12, Patch = 4, Width = 64, Layers = 2, Heads = 1, Output = 10 };
    private static readonly ClipTextConfig SmallText = new() { Vocabulary = 40, MaxTokens = 9, Width = 128, Layers = 3, Heads = 2, Output = 10 };

    [Fact]
    public void PublishedSizesHaveTheirPublishedParameterCounts()
    {
        Assert.Equal(151_277_313, Checkpoints.ParameterCount(weights => new ClipModel(weights, new ClipVitConfig(), new ClipTextConfig())));
        Assert.Equal(87_849_216, Checkpoints.ParameterCount(weights => new ClipVit(weights, new ClipVitConfig())));
        Assert.Equal(63_428_096, Checkpoints.ParameterCount(weights => new ClipText(weights, new ClipTextConfig())));
    }

    [Fact]
    public void TextDoesNotSeeLaterTokens()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Fresh(out ClipModel clip);
        HiddenStates first = clip.Text.forward(new BackboneInput(TensorData.From([1L, 5, 7, 9, 11, 13], 1, 6))).Only;
        HiddenStates second = clip.Text.forward(new BackboneInput(TensorData.From([1L, 5, 7, 8, 3, 2], 1, 6))).Only;
        Assert.All(first.Layers.Zip(second.Layers), pair =>
        {
            Assert.Equal(pair.First.narrow(1, 0, 3).ToArray<float>(), pair.Second.narrow(1, 0, 3).ToArray<float>());
            Assert.True((pair.First - pair.Second).select(1, 3).abs().max().Item() > 0.01);
        });
    }

    /// <summary>The largest id ends a text, and nothing behind it matters.</summary>
    [Fact]
    public void PaddingAndNeighboursDoNotMatter()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Fresh(out ClipModel clip);
        Tensor ids = TensorData.From([38L, 5, 39, 0, 0, 38, 3, 4, 6, 39], 2, 5);
        HiddenStates batch = clip.Text.forward(new BackboneInput(ids, [3, 5])).Only;
        Tensor alone = TensorData.From([38L, 5, 39], 1, 3);
        HiddenStates single = clip.Text.forward(new BackboneInput(alone)).Only;
        Assert.Equal([3, 5], TokenMask.Lengths(batch.Mask!)!);
        Assert.Equal([2L, 4], batch.Summary!.ToArray<long>());
        Assert.All(batch.Layers.Zip(single.Layers), pair => Tensors.Close(pair.Second.select(0, 0), pair.First.select(0, 0).narrow(0, 0, 3)));
        Tensors.Close(single.Pooled!.select(0, 0), batch.Pooled!.select(0, 0));
        Tensors.Close(clip.Text.Project(single.Layers[^1]).select(1, 2), single.Pooled!);
    }

    [Fact]
    public void LongTextsAreCutBeforeTheirEnd()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Fresh(out ClipModel clip);
        long[] words = [38, .. Enumerable.Range(1, 13)];
        Tensor ids = TensorData.From([.. words, 39, 38, 5, 6, 39, .. new long[11]], 2, 15);
        HiddenStates states = clip.Text.forward(new BackboneInput(ids, [15, 4])).Only;
        Assert.Equal([9, 4], TokenMask.Lengths(states.Mask!)!);
        Assert.Equal([8L, 3], states.Summary!.ToArray<long>());
        Assert.Equal([2, 9, 128], states.Layers[3].shape);
        HiddenStates expected = clip.Text.forward(new BackboneInput(TensorData.From([.. words[..8], 39, 38, 5, 6, 39, 0, 0, 0, 0, 0], 2, 9))).Only;
        Tensors.Close(expected.Pooled!, states.Pooled!);
        Assert.Equal(8, ids.select(0, 0).select(0, 8).Item());
    }

    [Fact]
    public void PicturesOfAnotherSizeAreRefused()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Fresh(out ClipModel clip);
        var error = Assert.Throws<UserException>(() => clip.Image.forward(new BackboneInput(torch.zeros(1, 3, 16, 12))));
        Assert.Equal("clip_vit takes pictures [B, 3, 12, 12]; it was given [1, 3, 16, 12].", error.Message);
        Assert.Contains("[3]", Assert.Throws<UserException>(() => clip.Text.forward(new BackboneInput(torch.zeros(3, dtype: ScalarType.Int64)))).Message);
    }

    [Fact]
    public void PixelsAreNormalisedUnlessTheyAreAlready()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Fresh(out ClipModel clip);
        Weights same = Weights.Fresh(1);
        using WeightStore other = same.Store;
        var plain = new ClipVit(same, SmallImage with { NormalizesPixels = false });
        Tensor pixels = torch.rand(2, 3, 12, 12);
        Tensor mean = TensorData.From([0.48145466f, 0.4578275f, 0.40821073f], 3, 1, 1);
        Tensor deviation = TensorData.From([0.26862954f, 0.26130258f, 0.27577711f], 3, 1, 1);
        Tensor expected = plain.forward(new BackboneInput((pixels - mean) / deviation)).Only.Layers[2];
        Tensors.Close(expected, clip.Image.forward(new BackboneInput(pixels)).Only.Layers[2]);
        Assert.True((plain.forward(new BackboneInput(pixels)).Only.Layers[2] - expected).abs().max().Item() > 0.01);
    }

    /// <summary>Word vectors do what those words would do in front.</summary>
    [Fact]
    public void APromptStandsInFrontOfEveryText()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Fresh(out ClipModel clip);
        HiddenStates expected = clip.Text.forward(new BackboneInput(TensorData.From([5L, 6, 11, 2, 7], 1, 5))).Only;
        clip.Text.Streams.Only.Prompt!.Vectors = store.Parameters["token_embedding.weight"].index_select(0, TensorData.From([5L, 6], 2));
        HiddenStates actual = clip.Text.forward(new BackboneInput(TensorData.From([11L, 2, 7], 1, 3))).Only;
        Assert.All(expected.Layers.Zip(actual.Layers), pair => Tensors.Close(pair.First.narrow(1, 2, 3), pair.Second));
    }

    [Fact]
    public void APromptIsSeenByThePicturesTokensAndNotAmongThem()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Fresh(out ClipModel clip);
        Tensor pictures = torch.rand(2, 3, 12, 12);
        HiddenStates plain = clip.Image.forward(new BackboneInput(pictures)).Only;
        clip.Image.Streams.Only.Prompt!.Vectors = torch.randn(4, 64);
        HiddenStates prompted = clip.Image.forward(new BackboneInput(pictures)).Only;
        Assert.All(prompted.Layers, layer => Assert.Equal([2, 10, 64], layer.shape));
        Tensors.Close(plain.Layers[0], prompted.Layers[0]);
        Assert.True((plain.Layers[1] - prompted.Layers[1]).abs().max().Item() > 0.001);
    }

    [Fact]
    public void EveryLayerIsABlockWithItsMaps()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Fresh(out ClipModel clip);
        Assert.Equal(["embedding", "layer 1", "layer 2"], clip.Image.Streams.Only.LayerNames);
        Assert.Equal([128, 128, 128, 128], clip.Text.Streams.Only.Widths);
        Assert.Equal((10, 10), (clip.Image.Streams.Only.PooledWidth, clip.Text.Streams.Only.PooledWidth));
        Assert.Equal((2, 3), (clip.Image.Streams.Only.Blocks.Count, clip.Text.Streams.Only.Blocks.Count));
        Assert.All(clip.Image.Streams.Only.Blocks, block => Assert.Equal(12, block.Weights.Parameters.Count));
        Assert.All(clip.Text.Streams.Only.Blocks, block => Assert.Equal(
            [(128, 128), (128, 128), (128, 128), (128, 128), (128, 512), (512, 128)],
            block.Linears.OrderBy(pair => pair.Key).Select(pair => (pair.Value.Input, pair.Value.Output))));
    }

    [Fact]
    public void TrainingReachesEveryWeight()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Fresh(out ClipModel clip);
        Tensor ids = TensorData.From([38L, 5, 39, 38, 39, 0], 2, 3);
        Tensor images = clip.Image.forward(new BackboneInput(torch.rand(2, 3, 12, 12))).Only.Pooled!;
        Tensor texts = clip.Text.forward(new BackboneInput(ids)).Only.Pooled!;
        (images * texts * clip.LogitScale.exp()).sum().Backward();
        Assert.All(store.Parameters, pair => Assert.True(pair.Value.grad!.abs().max().Item() > 0, pair.Key));
    }

    [Fact]
    public void ForwardsLeaveNothingBehind()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Fresh(out ClipModel clip);
        Tensor ids = TensorData.From([38L, 5, 39], 1, 3);
        Tensor pictures = torch.rand(2, 3, 12, 12);
        using IDisposable unrecorded = torch.no_grad();
        Leaks.None(() => clip.Image.forward(new BackboneInput(pictures)));
        Leaks.None(() => clip.Text.forward(new BackboneInput(ids)));
    }

    internal static void Build(Weights weights) => _ = new ClipModel(weights, SmallImage, SmallText);

    private static WeightStore Fresh(out ClipModel clip)
    {
        Weights weights = Weights.Fresh(1);
        clip = new ClipModel(weights, SmallImage, SmallText);
        return weights.Store;
    }
}
