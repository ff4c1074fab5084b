using UniPT.Backbones.UseLite;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Backbones.Tests.UseLite;

public sealed class UseLiteEncoderTests
{
    private static readonly string File = Path.Combine(RepositoryPaths.Models, "use_lite.safetensors");

    [Fact]
    public void PaddingAndNeighboursDoNotMatter()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Open(out UseLiteEncoder encoder);
        long[][] texts = [[11, 2002, 7], [], [102, 311, 38, 290, 255, 152]];
        HiddenStates batch = encoder.forward(Padded(texts, 9)).Only;
        Tensor embeddings = encoder.Embed(batch);
        for (int row = 0; row < texts.Length; row++)
        {
            if (texts[row].Length > 0)
            {
                HiddenStates alone = encoder.forward(new BackboneInput(TensorData.From(texts[row], 1, texts[row].Length))).Only;
                Tensors.Close(encoder.Embed(alone).select(0, 0), embeddings.select(0, row), 1e-4);
                for (int layer = 0; layer < 3; layer++)
                {
                    Tensors.Close(alone.Layers[layer].select(0, 0), batch.Layers[layer].select(0, row).narrow(0, 0, texts[row].Length), 1e-4);
                }
            }

            Assert.All(batch.Layers, layer => Assert.Equal(0, layer.select(0, row).narrow(0, texts[row].Length, 9 - texts[row].Length).abs().max().Item()));
        }

        Assert.Equal(1, batch.Mask!.select(0, 0).narrow(0, 2, 1).Item());
        Assert.Equal(9, batch.Mask!.sum().Item());
    }

    [Fact]
    public void AnEmptyTextHasAnEmbedding()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Open(out UseLiteEncoder encoder);
        HiddenStates states = encoder.forward(Padded([[], []], 1)).Only;
        Tensor embedding = encoder.Embed(states);
        Assert.True(embedding.isfinite().all().Item() == 1);
        Assert.Equal(1, embedding.select(0, 0).norm().Item(), 1e-5);
        Assert.All(states.Layers, layer => Assert.Equal(0, layer.abs().max().Item()));
    }

    [Fact]
    public void LongTextsAreCut()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Open(out UseLiteEncoder encoder);
        Tensor ids = torch.randint(6, 8000, [2, 200], dtype: ScalarType.Int64);
        HiddenStates states = encoder.forward(new BackboneInput(ids, [200, 130])).Only;
        Assert.Equal([128, 128], TokenMask.Lengths(states.Mask!)!);
        HiddenStates cut = encoder.forward(new BackboneInput(ids.narrow(1, 0, UseLiteEncoder.MaxTokens))).Only;
        Assert.Equal([2, 128, 512], cut.Layers[2].shape);
        Tensors.Close(encoder.Embed(cut), encoder.Embed(states));
    }

    /// <summary>A prompt of word vectors does what those words would do in front, but is not among the hidden states.</summary>
    [Fact]
    public void APromptStandsInFrontOfEveryText()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Open(out UseLiteEncoder encoder);
        HiddenStates expected = encoder.forward(Padded([[5, 6, 11, 2002, 7], [5, 6], [5, 6, 102]], 5)).Only;
        Tensor words = store.Parameters["embeddings.weight"].index_select(0, TensorData.From([5L, 6], 2)) * Scalars.Of(2);

        encoder.Streams.Only.Prompt!.Vectors = words;
        HiddenStates actual = encoder.forward(Padded([[11, 2002, 7], [], [102]], 3)).Only;

        Assert.Equal([3, 0, 1], TokenMask.Lengths(actual.Mask!)!);
        Assert.All(Enumerable.Range(0, 3), i => Tensors.Close(expected.Layers[i].narrow(1, 2, 3), actual.Layers[i]));
        Assert.Equal(126, encoder.forward(new BackboneInput(torch.randint(6, 8000, [1, 200], dtype: ScalarType.Int64))).Only.Layers[0].size(1));
    }

    [Fact]
    public void BothLayersAreBlocksWithTheirMaps()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Open(out UseLiteEncoder encoder);
        Assert.Equal(["layer 1", "layer 2"], encoder.Streams.Only.Blocks.Select(block => block.Name));
        (long, long)[][] sizes = [.. encoder.Streams.Only.Blocks.Select(block => block.Linears.OrderBy(pair => pair.Key).Select(pair => (pair.Value.Input, pair.Value.Output)).ToArray())];
        Assert.Equal([(256, 256), (256, 256), (256, 256), (256, 512), (512, 1536), (1536, 512)], sizes[0]);
        Assert.Equal([(512, 512), (512, 512), (512, 512), (512, 512), (512, 1536), (1536, 512)], sizes[1]);
        Assert.Equal(14, encoder.Streams.Only.Blocks[0].Weights.Parameters.Count);
        Assert.Equal(4, store.Norms.Count);
    }

    [Fact]
    public void OtherShapesAreRefused()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Open(out UseLiteEncoder encoder);
        var error = Assert.Throws<UserException>(() => encoder.forward(new BackboneInput(torch.zeros(5, dtype: ScalarType.Int64))));
        Assert.Contains("[5]", error.Message);
    }

    [Fact]
    public void TrainingReachesEveryWeight()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Open(out UseLiteEncoder encoder, trainable: true);
        Tensor embedding = encoder.Embed(encoder.forward(Padded([[11, 2002, 7], [], [102]], 4)).Only);
        (embedding * torch.randn(embedding.shape)).sum().Backward();
        Assert.Equal(29, store.Trainable.Count());
        Assert.All(store.Parameters.Values, parameter => Assert.True(parameter.grad!.isfinite().all().Item() == 1));
        Assert.All(store.Parameters, pair => Assert.True(pair.Value.grad!.abs().max().Item() > 0, pair.Key));
    }

    [Fact]
    public void ForwardsLeaveNothingBehind()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Open(out UseLiteEncoder encoder);
        BackboneInput input = Padded([[11, 2002, 7], [102]], 4);
        Leaks.None(() => encoder.Embed(encoder.forward(input).Only));
    }

    private static WeightStore Open(out UseLiteEncoder encoder, bool trainable = false)
    {
        Weights weights = Weights.Open(File, trainable);
        encoder = new UseLiteEncoder(weights);
        return weights.Store;
    }

    private static BackboneInput Padded(long[][] texts, int width)
    {
        long[] ids = [.. texts.SelectMany(text => text.Concat(Enumerable.Repeat(0L, width - text.Length)))];
        return new BackboneInput(TensorData.From(ids, texts.Length, width), [.. texts.Select(text => text.Length)]);
    }
}
