namespace UniPT.Torch.Tests.Autograd;

public sealed class CustomBackwardTests
{
    [Fact]
    public void TheManagedBackwardIsUsedAndItsKeptTensorsAreFreed()
    {
        long before = Tensor.TotalCount;
        using (DisposeScope scope = torch.NewDisposeScope())
        {
            Tensor input = TensorData.From([1f, 2, 3], 3);
            input.requires_grad = true;
            Tripled(input).sum().Backward();
            Assert.Equal([30f, 30, 30], input.grad!.ToArray<float>());
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void AnUnusedGraphFreesWhatItKept()
    {
        long before = Tensor.TotalCount;
        using (DisposeScope scope = torch.NewDisposeScope())
        {
            Tensor input = torch.ones(3);
            input.requires_grad = true;
            _ = Tripled(input);
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void AnExceptionInTheManagedBackwardReachesTheCaller()
    {
        long before = Tensor.TotalCount;
        using (DisposeScope scope = torch.NewDisposeScope())
        {
            Tensor input = torch.ones(3);
            input.requires_grad = true;
            Tensor output = input.detach() * Scalars.Of(3);
            CustomBackward.Attach([input], [output], (_, _) => throw new UserException("no gradient today"));
            var error = Assert.Throws<UserException>(() => output.sum().Backward());
            Assert.Contains("no gradient today", error.Message);
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void AWrongNumberOfGradientsIsAnError()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor input = torch.ones(3);
        input.requires_grad = true;
        Tensor output = input.detach() * Scalars.Of(3);
        CustomBackward.Attach([input], [output], (_, _) => []);
        var error = Assert.Throws<InvalidOperationException>(() => output.sum().Backward());
        Assert.Contains("0 gradients for 1 inputs", error.Message);
    }

    /// <summary>Three times the input; its backward multiplies by 30, so that the two can be told apart.</summary>
    private static Tensor Tripled(Tensor input)
    {
        Tensor output = input.detach() * Scalars.Of(3);
        Tensor factor = torch.full([1], Scalars.Of(30f));
        CustomBackward.Attach([input], [output], (gradients, kept) => [gradients[0]! * kept[0]], factor);
        return output;
    }
}
