namespace UniPT.Torch.Tests.Modules;

public sealed class LinearTests
{
    [Fact]
    public void TheProductIsTakenInTheTypeOfWhatComesInAndGivenInTheWeights()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        var linear = new Linear(weights, 64, 32);
        TorchRuntime.ManualSeed(1);
        Tensor input = torch.randn(5, 64);
        long before = TensorMemory.Current();
        Tensor half = input.to(ScalarType.BFloat16);
        Tensor output = linear.forward(half);
        Assert.Equal(ScalarType.Float32, output.dtype);

        // The rounded weight is kept for backward, a float32 copy of what comes in is not.
        Assert.InRange(TensorMemory.Current() - before, 1, half.ByteCount() + output.ByteCount() + (2 * 64 * 32));
        output.sum().Backward();
        Tensor exact = linear.forward(input);
        Assert.NotEqual(exact.ToArray<float>(), output.ToArray<float>());
        Assert.InRange((exact - output).norm().Item() / exact.norm().Item(), 1e-6, 0.01);
        Assert.All(store.Parameters.Values, parameter => Assert.Equal(ScalarType.Float32, parameter.grad!.dtype));
    }

    /// <summary>libtorch would make a weight gradient for every row of the batch, 16 MiB here.</summary>
    [Fact]
    public void TheWeightOfATransposedInputHasOneGradient()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        var linear = new Linear(weights, 256, 256);
        Tensor input = torch.randn(64, 256, 4).transpose(1, 2);
        long before = TensorMemory.Current();
        TensorMemory.ResetPeak();

        linear.forward(input).sum().Backward();

        Assert.InRange(TensorMemory.Peak() - before, 1, 4 << 20);
    }
}
