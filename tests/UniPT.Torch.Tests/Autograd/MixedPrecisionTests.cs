namespace UniPT.Torch.Tests.Autograd;

public class MixedPrecisionTests
{
    [Fact]
    public void ProductsAreRoundedAndGradientsAreNot()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(1);
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        var linear = new Linear(weights / "linear", 7, 5);
        var convolution = new Conv2d(weights / "convolution", 3, 4, 3, padding: 1);
        (Tensor rows, Tensor maps) = (torch.randn(6, 7), torch.randn(2, 3, 8, 8));
        (Tensor exactRows, Tensor exactMaps) = (linear.forward(rows), convolution.forward(maps));
        Tensor mixedRows;
        Tensor mixedMaps;
        using (MixedPrecision.Use())
        {
            (mixedRows, mixedMaps) = (linear.forward(rows), convolution.forward(maps));
        }

        foreach ((Tensor exact, Tensor mixed) in new[] { (exactRows, mixedRows), (exactMaps, mixedMaps) })
        {
            Assert.Equal(ScalarType.Float32, mixed.dtype);
            Assert.True(mixed.allclose(exact, 0.05, 0.05));
            Assert.False(mixed.allclose(exact, 1e-6, 1e-6));
            Assert.True(mixed.to(ScalarType.BFloat16).to(ScalarType.Float32).allclose(mixed, 0, 0));
        }

        mixedRows.sum().Add(mixedMaps.sum()).Backward();
        Assert.All(store.Parameters.Values, weight => Assert.Equal(ScalarType.Float32, weight.grad!.dtype));
        Assert.Equal(exactRows.ToArray<float>(), linear.forward(rows).ToArray<float>());
    }

    [Fact]
    public void ItIsPutBackAndBelongsToItsThread()
    {
        using (MixedPrecision.Use())
        {
            using (MixedPrecision.Use(false))
            {
                Assert.False(MixedPrecision.IsOn);
            }

            Assert.True(MixedPrecision.IsOn);
            bool elsewhere = true;
            var thread = new Thread(() => elsewhere = MixedPrecision.IsOn);
            thread.Start();
            thread.Join();
            Assert.False(elsewhere);
        }

        Assert.False(MixedPrecision.IsOn);
    }
}
