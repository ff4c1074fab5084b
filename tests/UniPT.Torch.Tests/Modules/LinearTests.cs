namespace UniPT.Torch.Tests.Modules;

public sealed class LinearTests
{
    /// <summary>libtorch 1.13 would make a weight gradient for every row of the batch, 16 MiB here.</summary>
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
