namespace UniPT.Torch.Tests.Autograd;

public sealed class CheckpointTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void GradientsEqualThoseOfTheRecordedSegment(bool inputNeedsGradient)
    {
        using TensorScope scope = TensorScope.Begin();
        TorchRuntime.ManualSeed(1);
        Tensor input = Tensor.Randn([5, 4]);
        Tensor weight = Tensor.Randn([3, 4]);
        input.RequiresGrad = inputNeedsGradient;
        weight.RequiresGrad = true;

        Tensor Segment(IReadOnlyList<Tensor> inputs) => inputs[0].Linear(weight).Tanh().Pow(2);

        Segment([input]).Sum().Backward();
        float[] expectedWeight = weight.Grad!.ToArray<float>();
        float[]? expectedInput = input.Grad?.ToArray<float>();
        weight.Grad = null;
        input.Grad = null;

        Checkpoint.Run(Segment, [weight], input).Sum().Backward();
        Assert.Equal(expectedWeight, weight.Grad!.ToArray<float>());
        Assert.Equal(expectedInput, input.Grad?.ToArray<float>());
    }

    [Fact]
    public void WhatLiesBetweenIsNotKept()
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor weight = Tensor.Ones([256, 256]);
        weight.RequiresGrad = true;
        Tensor input = Tensor.Ones([64, 256]);

        Tensor Segment(IReadOnlyList<Tensor> inputs)
        {
            using TensorScope inner = TensorScope.Begin();
            Tensor value = inputs[0];
            for (int i = 0; i < 8; i++)
            {
                value = value.Linear(weight).Tanh();
            }

            return inner.HandOut(value.Sum(0));
        }

        long Kept(Func<Tensor> forward)
        {
            long before = TensorMemory.Current;
            using TensorScope inner = TensorScope.Begin();
            Tensor result = forward();
            long kept = TensorMemory.Current - before;
            result.Sum().Backward();
            return kept;
        }

        long recorded = Kept(() => Segment([input]));
        long checkpointed = Kept(() => Checkpoint.Run(Segment, [weight], input));
        Assert.True(checkpointed * 20 < recorded, $"{checkpointed} of {recorded} bytes");
    }

    [Fact]
    public void NothingIsAttachedWhereNothingTrains()
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor result = Checkpoint.Run(inputs => inputs[0] * 2, [], Tensor.Ones([2]));
        Assert.False(result.RequiresGrad);
    }
}
