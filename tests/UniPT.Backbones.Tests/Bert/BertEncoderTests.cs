using UniPT.Backbones.Bert;
using UniPT.Torch;

namespace UniPT.Backbones.Tests.Bert;

public sealed class BertEncoderTests
{
    private const int Width = 64;
    private static readonly BertConfig Small = Shrunk(new BertConfig());
    private static readonly BertConfig SmallRoberta = Shrunk(BertConfig.RobertaBase);

    public static TheoryData<BertFamily> Families => [BertFamily.Bert, BertFamily.Roberta];

    [Fact]
    public void PublishedSizesHaveTheirPublishedParameterCounts()
    {
        Assert.Equal(109_482_240, Checkpoints.ParameterCount(weights => new BertEncoder(weights, new BertConfig())));
        Assert.Equal(124_645_632, Checkpoints.ParameterCount(weights => new BertEncoder(weights, BertConfig.RobertaBase)));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void PaddingAndNeighboursDoNotMatter(BertFamily family)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Fresh(family, out BertEncoder encoder);
        long[][] texts = [[11, 2, 7], [], [12, 31, 18, 9, 25, 15]];
        HiddenStates batch = encoder.forward(Padded(texts, 8)).Only;
        HiddenStates other = encoder.forward(Padded(texts, 8, padding: 29)).Only;
        Assert.Equal([3, 0, 6], TokenMask.Lengths(batch.Mask!)!);
        foreach ((long[] text, int row) in texts.Select((text, row) => (text, row)).Where(pair => pair.text.Length > 0))
        {
            HiddenStates alone = encoder.forward(new BackboneInput(TensorData.From(text, 1, text.Length))).Only;
            for (int layer = 0; layer < batch.Layers.Count; layer++)
            {
                Tensor valid = batch.Layers[layer].select(0, row).narrow(0, 0, text.Length);
                Tensors.Close(alone.Layers[layer].select(0, 0), valid);
                Tensors.Close(other.Layers[layer].select(0, row).narrow(0, 0, text.Length), valid);
            }
        }

        Assert.All(batch.Layers, layer => Assert.Equal(1, layer.isfinite().all().Item()));
    }

    [Fact]
    public void HolesTakeNoPositionOfRoberta()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Fresh(BertFamily.Roberta, out BertEncoder encoder);
        HiddenStates alone = encoder.forward(new BackboneInput(TensorData.From([11L, 2, 7], 1, 3))).Only;

        HiddenStates holey = encoder.forward(BackboneInput.Texts(TensorData.From([11L, 30, 2, 30, 7, 30], 1, 6), TensorData.From([1f, 0, 1, 0, 1, 0], 1, 6))).Only;

        Tensor places = TensorData.From([0L, 2, 4], 3);
        Assert.All(alone.Layers.Zip(holey.Layers), pair => Tensors.Close(pair.First, pair.Second.index_select(1, places)));
        var error = Assert.Throws<UserException>(() => encoder.forward(BackboneInput.Texts(TensorData.From([11L, 30], 1, 2), torch.ones(1, 3))));
        Assert.Equal("roberta takes a mask with one number for every token id; it was given [1, 3].", error.Message);
    }

    /// <summary>As Hugging Face has it: behind the embedding, on attention weights, behind attention and feed-forward network.</summary>
    [Fact]
    public void DropoutActsInTrainingAlone()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var input = new BackboneInput(TensorData.From([11L, 2, 7, 5], 1, 4));
        using WeightStore calm = Open(Small, out BertEncoder without);
        foreach ((BertConfig config, int first) in new[] { (Small with { Dropout = 0.5, AttentionDropout = 0 }, 0), (Small with { Dropout = 0, AttentionDropout = 0.5 }, 1) })
        {
            using WeightStore store = Open(config, out BertEncoder encoder);
            Tensors.Close(without.forward(input).Only.Layers[^1], encoder.forward(input).Only.Layers[^1]);
            store.train(true);
            Tensor[] seeds = [.. new[] { 1, 2, 1 }.Select(Run)];
            Assert.Equal(seeds[0].ToBytes(), seeds[2].ToBytes());
            Assert.NotEqual(seeds[0].ToBytes(), seeds[1].ToBytes());
            IReadOnlyList<Tensor> states = encoder.forward(input).Only.Layers;
            Assert.Equal(first == 0 ? 0.5 : 0, states[0].eq(Scalars.Of(0)).to(ScalarType.Float32).mean().Item(), 0.2);

            Tensor Run(int seed)
            {
                TorchRuntime.ManualSeed(seed);
                return encoder.forward(input).Only.Layers[^1];
            }
        }
    }

    [Fact]
    public void ASegmentChangesItsTokens()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Fresh(BertFamily.Bert, out BertEncoder encoder);
        Tensor ids = TensorData.From([11L, 2, 7], 1, 3);
        Tensor first = encoder.forward(new BackboneInput(ids)).Only.Layers[0];
        Tensor joined = encoder.forward(new BackboneInput(ids, segments: TensorData.From([0L, 0, 1], 1, 3))).Only.Layers[0];
        Tensors.Close(first.narrow(1, 0, 2), joined.narrow(1, 0, 2));
        Assert.True((first - joined).select(1, 2).abs().max().Item() > 0.01);
        var error = Assert.Throws<UserException>(() => encoder.forward(new BackboneInput(ids, segments: TensorData.From([0L, 0], 1, 2))));
        Assert.Contains("one segment for every token id; it was given [1, 2]", error.Message);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void LongTextsAreCut(BertFamily family)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Fresh(family, out BertEncoder encoder);
        Tensor ids = torch.randint(4, 40, [2, 40], dtype: ScalarType.Int64);
        HiddenStates states = encoder.forward(new BackboneInput(ids, [40, 5])).Only;
        int tokens = family == BertFamily.Bert ? 20 : 18;
        Assert.Equal([tokens, 5], TokenMask.Lengths(states.Mask!)!);
        Assert.All(states.Layers, layer => Assert.Equal([2, tokens, Width], layer.shape));
    }

    /// <summary>A prompt of word vectors does what those words would do in front, but is not among the hidden states.</summary>
    [Theory]
    [MemberData(nameof(Families))]
    public void APromptStandsInFrontOfEveryText(BertFamily family)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Fresh(family, out BertEncoder encoder);
        HiddenStates expected = encoder.forward(Padded([[5, 6, 11, 2, 7], [5, 6, 12]], 5)).Only;
        encoder.Streams.Only.Prompt!.Vectors = store.Parameters["embeddings.word_embeddings.weight"].index_select(0, TensorData.From([5L, 6], 2));

        HiddenStates actual = encoder.forward(Padded([[11, 2, 7], [12]], 3)).Only;

        Assert.Equal([3, 1], TokenMask.Lengths(actual.Mask!)!);
        Assert.All(Enumerable.Range(0, 3), i => Tensors.Close(expected.Layers[i].narrow(1, 2, 3), actual.Layers[i]));
        Assert.Equal(encoder.Streams.Only.Prompt.Positions - 2, encoder.forward(new BackboneInput(torch.randint(4, 40, [1, 40], dtype: ScalarType.Int64))).Only.Layers[0].size(1));
    }

    [Fact]
    public void EveryLayerIsABlockWithItsMaps()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Fresh(BertFamily.Bert, out BertEncoder encoder);
        Assert.Equal(["embedding", "layer 1", "layer 2"], encoder.Streams.Only.LayerNames);
        Assert.Equal([Width, Width, Width], encoder.Streams.Only.Widths);
        Assert.Equal(["layer 1", "layer 2"], encoder.Streams.Only.Blocks.Select(block => block.Name));
        Assert.All(encoder.Streams.Only.Blocks, block => Assert.Equal(
            [(Width, Width), (Width, Width), (Width, Width), (Width, Width), (Width, 96), (96, Width)],
            block.Linears.OrderBy(pair => pair.Key).Select(pair => (pair.Value.Input, pair.Value.Output))));
        Assert.All(encoder.Streams.Only.Blocks, block => Assert.Equal(16, block.Weights.Parameters.Count));
        Assert.Equal(5, store.Norms.Count);
    }

    [Fact]
    public void TrainingReachesEveryWeight()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Fresh(BertFamily.Bert, out BertEncoder encoder);
        Tensor pooled = encoder.Pool(encoder.forward(Padded([[11, 2, 7], [12]], 4)).Only);
        (pooled * torch.randn(pooled.shape)).sum().Backward();
        Assert.Equal(5 + (2 * 16) + 2, store.Trainable.Count());
        Assert.All(store.Parameters, pair => Assert.True(pair.Value.grad!.abs().max().Item() > 0, pair.Key));
    }

    [Fact]
    public void ForwardsLeaveNothingBehind()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Fresh(BertFamily.Roberta, out BertEncoder encoder);
        BackboneInput input = Padded([[11, 2, 7], [12]], 4);
        using IDisposable unrecorded = torch.no_grad();
        Leaks.None(() => encoder.Pool(encoder.forward(input).Only));
    }

    /// <summary>What is kept is the hidden states, one layer's work besides.</summary>
    [Fact]
    public void WithoutGradientsALayerIsFreedBeforeTheNext()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        BertConfig config = Small with { Layers = 6, Heads = 1, Positions = 64, FeedForward = 4 * Width };
        var encoder = new BertEncoder(weights, config);
        Tensor ids = torch.randint(4, 40, [16, 64], dtype: ScalarType.Int64);
        long state = 4L * 16 * 64 * Width;
        using IDisposable unrecorded = torch.no_grad();
        long before = TensorMemory.Current();
        TensorMemory.ResetPeak();
        encoder.forward(new BackboneInput(ids));

        // At the end: six states, the half-done layer, and its feed-forward network four times as wide with its result,
        // and on some processors the weight of that in another order.
        Assert.InRange(TensorMemory.Peak() - before, 7 * state, 12.1 * state + 4L * 4 * Width * Width);
        Assert.InRange(TensorMemory.Current() - before, 7 * state, 7.01 * state);
    }

    internal static BackboneInput Padded(long[][] texts, int width, long padding = 0)
    {
        long[] ids = [.. texts.SelectMany(text => text.Concat(Enumerable.Repeat(padding, width - text.Length)))];
        return new BackboneInput(TensorData.From(ids, texts.Length, width), [.. texts.Select(text => text.Length)]);
    }

    private static BertConfig Shrunk(BertConfig config) =>
        config with { Vocabulary = 40, Width = Width, Layers = 2, Heads = 4, FeedForward = 96, Positions = 20 };

    private static WeightStore Fresh(BertFamily family, out BertEncoder encoder)
    {
        Weights weights = Weights.Fresh(1);
        encoder = new BertEncoder(weights, family == BertFamily.Bert ? Small : SmallRoberta);
        return weights.Store;
    }

    private static WeightStore Open(BertConfig config, out BertEncoder encoder)
    {
        Weights weights = Weights.Fresh(3);
        encoder = new BertEncoder(weights, config);
        return weights.Store;
    }
}
