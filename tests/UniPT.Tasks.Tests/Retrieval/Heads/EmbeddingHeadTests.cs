using UniPT.Tasks.Retrieval.Heads;
using UniPT.Torch;
using UniPT.Tuning;

namespace UniPT.Tasks.Tests.Retrieval.Heads;

public sealed class EmbeddingHeadTests
{
    [Fact]
    public void EmbeddingsHaveLengthOneAndNothingStaysZero()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor tokens = TensorData.From([3f, 4, 0, 0], 2, 1, 2);
        tokens.requires_grad = true;
        Tensor embeddings = new EmbeddingHead(new MeanPooling()).Forward(new TunedFeatures(tokens));
        embeddings.sum().Backward();
        float[] expected = [0.6f, 0.8f, 0, 0];
        Assert.All(expected.Zip(embeddings.detach().ToArray<float>()), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        Assert.All(tokens.grad!.ToArray<float>(), value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void TheDirectPathIsAddedToThePooledTokens()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var features = new TunedFeatures(TensorData.From([2f, 4], 1, 1, 2), Direct: TensorData.From([1f, 0], 1, 2));
        float[] embedding = new EmbeddingHead(new MeanPooling()).Forward(features).ToArray<float>();
        Assert.Equal(0.6, embedding[0], 1e-6);
    }

    [Fact]
    public void TokensAreDroppedOnlyWhereARandomSourceIsGiven()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(1);
        var features = new TunedFeatures(torch.randn(4, 9, 3));
        var head = new EmbeddingHead(new MeanPooling(), tokenDrop: 0.5);
        float[] whole = new EmbeddingHead(new MeanPooling()).Forward(features).ToArray<float>();
        Assert.Equal(whole, head.Forward(features).ToArray<float>());
        float[] dropped = head.Forward(features, new Random(1).NextDouble).ToArray<float>();
        Assert.NotEqual(whole, dropped);
        Assert.Equal(dropped, head.Forward(features, new Random(1).NextDouble).ToArray<float>());
    }
}
