using UniPT.Tasks.Retrieval.Heads;
using UniPT.Torch;

namespace UniPT.Tasks.Tests.Retrieval.Heads;

public sealed class GpoTests
{
    [Fact]
    public void ThePublishedSizeHasItsParameters()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        _ = new Gpo(weights);
        Assert.Equal(12_704, store.ParameterCount);
    }

    [Fact]
    public void TheWeightsOfALengthDoNotDependOnTheOthersInTheBatch()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(2);
        using WeightStore store = weights.Store;
        var pooling = new Gpo(weights, 8, 6);
        int[] lengths = [3, 7, 1, 3, 5];
        float[] together = pooling.RankWeights(lengths).ToArray<float>();
        for (int row = 0; row < lengths.Length; row++)
        {
            float[] alone = pooling.RankWeights([lengths[row]]).ToArray<float>();
            float[] padded = [.. alone, .. new float[7 - alone.Length]];
            Assert.All(padded.Zip(together[(row * 7)..((row + 1) * 7)]), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
            Assert.Equal(1, alone.Sum(), 1e-5);
        }
    }

    [Fact]
    public void NeitherTheOrderOfTokensNorWhatPadsThemMatters()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(1);
        Weights weights = Weights.Fresh(3);
        using WeightStore store = weights.Store;
        var pooling = new Gpo(weights, 8, 6);
        Tensor tokens = torch.randn(1, 4, 5);
        Tensor reversed = torch.cat([tokens.narrow(1, 0, 3).flip(1), torch.full([1, 1, 5], Scalars.Of(1e6f))], 1);
        Assert.Equal(pooling.Forward(tokens, [3]).ToArray<float>(), pooling.Forward(reversed, [3]).ToArray<float>());
    }

    [Fact]
    public void AnExampleWithoutTokensBecomesZeroAndKeepsGradientsFinite()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(1);
        Weights weights = Weights.Fresh(4);
        using WeightStore store = weights.Store;
        var pooling = new Gpo(weights, 8, 6);
        Tensor tokens = torch.randn(3, 4, 5);
        tokens.requires_grad = true;
        Tensor pooled = pooling.Forward(tokens, [0, 2, 0]);
        pooled.pow(Scalars.Of(2)).sum().Backward();
        float[] values = pooled.detach().ToArray<float>();
        Assert.All(values[..5].Concat(values[10..]), value => Assert.Equal(0, value));
        Assert.All(store.Parameters.Values.Append(tokens), tensor => Assert.All(tensor.grad!.ToArray<float>(), value => Assert.True(float.IsFinite(value))));
        Assert.All(pooling.Forward(tokens, [0, 0, 0]).detach().ToArray<float>(), value => Assert.Equal(0, value));
    }
}
