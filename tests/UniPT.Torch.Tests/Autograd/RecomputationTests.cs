namespace UniPT.Torch.Tests.Autograd;

public sealed class RecomputationTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void GradientsEqualThoseOfTheRecordedSegment(bool inputNeedsGradient)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(1);
        Tensor input = torch.randn(5, 4);
        Tensor weight = torch.randn(3, 4);
        input.requires_grad = inputNeedsGradient;
        weight.requires_grad = true;

        Tensor Segment(IReadOnlyList<Tensor> inputs) => nn.functional.linear(inputs[0], weight).tanh().pow(Scalars.Of(2));

        Segment([input]).sum().Backward();
        float[] expectedWeight = weight.grad!.ToArray<float>();
        float[]? expectedInput = input.grad?.ToArray<float>();
        weight.grad = null;
        input.grad = null;

        Recomputation.Run(Segment, [weight], input).sum().Backward();
        Near(expectedWeight, weight.grad);
        Near(expectedInput, input.grad);
    }

    [Fact]
    public void WhatLiesBetweenIsNotKept()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor weight = torch.ones(256, 256);
        weight.requires_grad = true;
        Tensor input = torch.ones(64, 256);

        Tensor Segment(IReadOnlyList<Tensor> inputs)
        {
            using DisposeScope inner = torch.NewDisposeScope();
            Tensor value = inputs[0];
            for (int i = 0; i < 8; i++)
            {
                value = nn.functional.linear(value, weight).tanh();
            }

            return inner.MoveToOuter(value.sum(0L));
        }

        long Kept(Func<Tensor> forward)
        {
            long before = TensorMemory.Current();
            using DisposeScope inner = torch.NewDisposeScope();
            Tensor result = forward();
            long kept = TensorMemory.Current() - before;
            result.sum().Backward();
            return kept;
        }

        long recorded = Kept(() => Segment([input]));
        long checkpointed = Kept(() => Recomputation.Run(Segment, [weight], input));
        Assert.True(checkpointed * 20 < recorded, $"{checkpointed} of {recorded} bytes");
    }

    [Fact]
    public void NothingIsAttachedWhereNothingTrains()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor result = Recomputation.Run(inputs => inputs[0] * Scalars.Of(2), [], torch.ones(2));
        Assert.False(result.requires_grad);
    }

    private static void Near(float[]? expected, Tensor? found)
    {
        Assert.Equal(expected is null, found is null);
        Assert.All((expected ?? []).Zip(found?.ToArray<float>() ?? []), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }
}
