using UniPT.Tasks.Retrieval.Losses;
using UniPT.Torch;

namespace UniPT.Tasks.Tests.Retrieval.Losses;

public sealed class InfoNceLossTests
{
    [Fact]
    public void TheLossIsTheCrossEntropyBothWays()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(2);
        const int Pairs = 4;
        const double Temperature = 0.5;
        Tensor images = torch.randn(Pairs, 3);
        Tensor captions = torch.randn(Pairs, 3);
        float[] similarity = images.MatMul(captions.transpose(0, 1)).ToArray<float>();
        double Entropy(int own, Func<int, float> toOther) =>
            Math.Log(Enumerable.Range(0, Pairs).Sum(j => Math.Exp(toOther(j) / Temperature))) - (similarity[(own * Pairs) + own] / Temperature);

        double expected = Enumerable.Range(0, Pairs)
            .Sum(i => Entropy(i, j => similarity[(i * Pairs) + j]) + Entropy(i, j => similarity[(j * Pairs) + i])) / (2 * Pairs);
        Assert.Equal(expected, new InfoNceLoss(Temperature).Forward(images, captions).Item(), 1e-5);
    }

    [Fact]
    public void ALearnedTemperatureStartsWhereItIsToldAndTakesAGradient()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(2);
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        Tensor images = torch.randn(4, 3);
        Tensor captions = torch.randn(4, 3);
        Tensor loss = new InfoNceLoss(weights, 0.5).Forward(images, captions);
        loss.Backward();
        Assert.Equal(new InfoNceLoss(0.5).Forward(images, captions).Item(), loss.Item(), 1e-5);
        Assert.NotEqual(0, store.Parameters["logit_scale"].grad!.Item());
    }

    [Fact]
    public void TheLearnedScaleStopsAtAHundred()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(2);
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        Tensor images = torch.randn(4, 3) * Scalars.Of(0.1);
        Tensor captions = torch.randn(4, 3) * Scalars.Of(0.1);
        Assert.Equal(new InfoNceLoss(0.01).Forward(images, captions).Item(), new InfoNceLoss(weights, 1e-4).Forward(images, captions).Item(), 1e-4);
    }
}
