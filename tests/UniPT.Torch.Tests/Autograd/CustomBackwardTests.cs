using System.Runtime.InteropServices;
using UniPT.Testing;

namespace UniPT.Torch.Tests.Autograd;

public sealed class CustomBackwardTests
{
    [Fact]
    public void TheManagedBackwardIsUsedAndItsKeptTensorsAreFreed()
    {
        TensorCount before = TensorCount.Now();
        using (DisposeScope scope = torch.NewDisposeScope())
        {
            Tensor input = TensorData.From([1f, 2, 3], 3);
            input.requires_grad = true;
            Tripled(input).sum().Backward();
            Assert.Equal([30f, 30, 30], input.grad!.ToArray<float>());
        }

        Assert.Equal(before, TensorCount.Now());
    }

    [Fact]
    public void AnUnusedGraphFreesWhatItKept()
    {
        TensorCount before = TensorCount.Now();
        using (DisposeScope scope = torch.NewDisposeScope())
        {
            Tensor input = torch.ones(3);
            input.requires_grad = true;
            _ = Tripled(input);
        }

        Assert.Equal(before, TensorCount.Now());
    }

    [Fact]
    public void AnExceptionInTheManagedBackwardReachesTheCaller()
    {
        TensorCount before = TensorCount.Now();
        using (DisposeScope scope = torch.NewDisposeScope())
        {
            Tensor input = torch.ones(3);
            input.requires_grad = true;
            Tensor output = input.detach() * Scalars.Of(3);
            CustomBackward.Attach([input], [output], (_, _) => throw new UserException("no gradient today"));
            var error = Assert.Throws<UserException>(() => output.sum().Backward());
            Assert.Contains("no gradient today", error.Message);
        }

        Assert.Equal(before, TensorCount.Now());
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AnExceptionInTheMiddleOfAStepLeavesNothingAndTheNextStepWorks(bool native)
    {
        TensorCount before = TensorCount.Now();
        using (torch.NewDisposeScope())
        {
            Tensor weight = torch.ones(64, 64, requires_grad: true);
            bool fails = true;
            Tensor Loss()
            {
                Tensor first = Tripled(torch.ones(8, 64).MatMul(weight));
                Tensor second = first.detach() * Scalars.Of(2);
                CustomBackward.Attach(
                    [first],
                    [second],
                    (gradients, kept) =>
                    {
                        Tensor result = gradients[0]! * Scalars.Of(2);
                        Tensor temporary = kept[0] + result;
                        return !fails ? [result] : native ? [temporary.mm(temporary)] : throw new InvalidDataException("in the middle");
                    },
                    first.detach());
                return second.sum();
            }

            using (torch.NewDisposeScope())
            {
                Tensor loss = Loss();
                Exception error = Assert.ThrowsAny<Exception>(() => loss.Backward());
                Assert.Equal(native ? typeof(ExternalException) : typeof(InvalidDataException), error.GetType());
                Assert.Contains(native ? "shapes cannot be multiplied" : "in the middle", error.Message);
            }

            Assert.Null(weight.grad);
            fails = false;
            using (torch.NewDisposeScope())
            {
                Loss().Backward();
            }

            Assert.Equal(8 * 30 * 2, weight.grad!.max().Item());
        }

        Assert.Equal(before, TensorCount.Now());
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
