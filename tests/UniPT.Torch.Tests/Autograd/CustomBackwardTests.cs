namespace UniPT.Torch.Tests.Autograd;

public sealed class CustomBackwardTests
{
    [Fact]
    public void TheManagedBackwardIsUsedAndItsKeptTensorsAreFreed()
    {
        long before = Tensor.LiveCount;
        using (TensorScope scope = TensorScope.Begin())
        {
            Tensor input = Tensor.From([1f, 2, 3], 3);
            input.RequiresGrad = true;
            Tripled(input).Sum().Backward();
            Assert.Equal([30f, 30, 30], input.Grad!.ToArray<float>());
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void AnUnusedGraphFreesWhatItKept()
    {
        long before = Tensor.LiveCount;
        using (TensorScope scope = TensorScope.Begin())
        {
            Tensor input = Tensor.Ones([3]);
            input.RequiresGrad = true;
            _ = Tripled(input);
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void AnExceptionInTheManagedBackwardReachesTheCaller()
    {
        long before = Tensor.LiveCount;
        using (TensorScope scope = TensorScope.Begin())
        {
            Tensor input = Tensor.Ones([3]);
            input.RequiresGrad = true;
            Tensor output = input.Detach() * 3;
            CustomBackward.Attach([input], [output], _ => throw new UserException("no gradient today"));
            var error = Assert.Throws<TorchException>(() => output.Sum().Backward());
            Assert.Contains("no gradient today", error.Message);
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void AWrongNumberOfGradientsIsAnError()
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor input = Tensor.Ones([3]);
        input.RequiresGrad = true;
        Tensor output = input.Detach() * 3;
        CustomBackward.Attach([input], [output], _ => []);
        var error = Assert.Throws<TorchException>(() => output.Sum().Backward());
        Assert.Contains("0 gradients for 1 inputs", error.Message);
    }

    /// <summary>Three times the input; its backward multiplies by 30, so that the two can be told apart.</summary>
    private static Tensor Tripled(Tensor input)
    {
        Tensor output = input.Detach() * 3;
        Tensor factor = Tensor.Full([1], 30);
        CustomBackward.Attach([input], [output], gradients => [gradients[0]! * factor], factor);
        return output;
    }
}
