namespace UniPT.Torch.Tests.Modules;

public sealed class BatchNormTests
{
    [Fact]
    public void OneValueAChannelLeavesTheStatisticsAlone()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        store.train(true);

        float[] output = new BatchNorm(weights, 3).forward(torch.randn(1, 3, 1, 1)).ToArray<float>();

        Assert.All(output, value => Assert.Equal(0, value, 1e-4));
        Assert.Equal([1, 1, 1], store.Buffers["running_var"].ToArray<float>());
    }

    /// <summary>
    /// libtorch (1.13 and 2.10) gives a wrong gradient for this case on the CPU: batch 1, the output flattened to [B, HW, C].
    /// </summary>
    [Fact]
    public void TheGradientIsRightAtBatchSizeOneWithAFlattenedOutput()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(5);
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        store.train(true);
        var norm = new BatchNorm(weights, 3, momentum: 0);
        Tensor cotangent = torch.randn(1, 20, 3);
        Tensor input = torch.randn(1, 3, 4, 5);

        double Loss(Tensor x)
        {
            using DisposeScope inner = torch.NewDisposeScope();
            using IDisposable unrecorded = torch.no_grad();
            return (Flat(x) * cotangent).to(ScalarType.Float64).sum().Item();
        }

        Tensor Flat(Tensor x) => norm.forward(x).flatten(2).permute(0, 2, 1);

        Tensor leaf = input.clone();
        leaf.requires_grad = true;
        (Flat(leaf) * cotangent).sum().Backward();
        float[] gradient = leaf.grad!.ToArray<float>();
        float[] values = input.ToArray<float>();
        const float Step = 1e-2f;
        for (int i = 0; i < values.Length; i++)
        {
            float[] up = [.. values];
            float[] down = [.. values];
            up[i] += Step;
            down[i] -= Step;
            double numeric = (Loss(TensorData.From(up, 1, 3, 4, 5)) - Loss(TensorData.From(down, 1, 3, 4, 5))) / (2 * Step);
            Assert.Equal(numeric, gradient[i], 5e-3);
        }
    }

    /// <summary>Batch 1 in every layout that a map may arrive in, against the map in row-major order.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheGradientDoesNotDependOnTheLayouts(bool training)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(5);
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        store.train(training);
        var norm = new BatchNorm(weights, 3, momentum: 0);
        Tensor input = torch.randn(1, 3, 4, 5);
        Tensor cotangent = torch.randn(1, 3, 4, 5);
        Func<Tensor, Tensor>[] layouts =
        [
            map => map.contiguous(),
            map => map.ChannelsLast(),
            map => map.flatten(2).transpose(1, 2).contiguous().transpose(1, 2).view(1, 3, 4, 5),
        ];
        float[] expected = Gradient(layouts[0], layouts[0]);
        foreach (Func<Tensor, Tensor> before in layouts)
        {
            foreach (Func<Tensor, Tensor> after in layouts)
            {
                Assert.All(Gradient(before, after).Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
            }
        }

        float[] Gradient(Func<Tensor, Tensor> before, Func<Tensor, Tensor> after)
        {
            Tensor leaf = input.clone();
            leaf.requires_grad = true;
            norm.forward(before(leaf)).Backward(after(cotangent));
            return leaf.grad!.ToArray<float>();
        }
    }

    [Fact]
    public void FrozenStatisticsServeTrainingToo()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        var norm = new BatchNorm(weights, 1, epsilon: 0, frozenStatistics: true);
        store.train(true);
        Assert.Equal([1f, 3], norm.forward(TensorData.From([1f, 3], 2, 1)).ToArray<float>());
        Assert.Equal(0, store.Buffers["running_mean"].Item());
    }

    [Fact]
    public void RunningStatisticsFollowTheBatchesAndServeEvaluation()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        var norm = new BatchNorm(weights, 1, epsilon: 0);
        store.train(true);
        Assert.Equal([-1f, 1], norm.forward(TensorData.From([1f, 3], 2, 1)).ToArray<float>());

        // momentum 0.1: mean 0.2; the unbiased variance of {1, 3} is 2, so 0.9 + 0.2.
        Assert.Equal(0.2, store.Buffers["running_mean"].Item(), 1e-6);
        Assert.Equal(1.1, store.Buffers["running_var"].Item(), 1e-6);
        store.train(false);
        Assert.Equal((3 - 0.2) / Math.Sqrt(1.1), norm.forward(TensorData.From([3f], 1, 1)).Item(), 1e-6);
        Assert.Equal(["weight", "bias"], store.Parameters.Keys);
    }
}
