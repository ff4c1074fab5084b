namespace UniPT.Torch.Tests.Modules;

public sealed class ModuleTests
{
    [Fact]
    public void ACallLeavesOnlyItsResult()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Weights.Fresh(1).Store;
        Tensor input = torch.ones(2, 4);
        int before = scope.DisposablesCount;
        new Chatty().forward(input);
        Assert.Equal(before + 1, scope.DisposablesCount);
    }

    [Fact]
    public void DropoutActsOnlyInTraining()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        var dropout = new Dropout(weights, 0.5);
        Tensor input = torch.ones(1000);
        Assert.Equal(1000, dropout.forward(input).sum().Item());
        store.train(true);
        float[] dropped = dropout.forward(input).ToArray<float>();
        Assert.All(dropped, value => Assert.True(value is 0 or 2));
        Assert.InRange(dropped.Count(value => value == 0), 400, 600);
        Assert.False(input.IsInvalid);
    }

    [Fact]
    public void LayersComputeWhatTheyAreNamedAfter()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        var linear = new Linear(weights / "linear", 4, 6);
        Tensor input = torch.randn(3, 4);
        Assert.Equal(linear.forward(input).narrow(1, 2, 3).ToArray<float>(), linear.Part(2, 3).forward(input).ToArray<float>(), (x, y) => Math.Abs(x - y) < 1e-6);
        float[] normalised = new LayerNorm(weights / "norm", 2, 0).forward(TensorData.From([1f, 3], 1, 2)).ToArray<float>();
        Assert.Equal([-1f, 1], normalised);
        var embedding = new Embedding(weights / "embedding", 5, 3);
        float[] table = store.Parameters["embedding.weight"].ToArray<float>();
        Assert.Equal(table[6..9], embedding.forward(TensorData.From([2L], 1)).ToArray<float>());
        var convolution = new Conv2d(weights / "conv", 1, 2, 3, stride: 2, padding: 1);
        Assert.Equal([1, 2, 2, 2], convolution.forward(torch.ones(1, 1, 4, 4)).shape);
    }

    private sealed class Chatty : Module
    {
        protected override Tensor Compute(Tensor input) => ((input + Scalars.Of(1)) * Scalars.Of(2)).relu() - Scalars.Of(3);
    }
}
