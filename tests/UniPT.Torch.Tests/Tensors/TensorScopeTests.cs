using UniPT.Testing;

namespace UniPT.Torch.Tests.Tensors;

public sealed class TensorScopeTests
{
    [Fact]
    public void ClosingAScopeFreesWhatWasNotHandedOut()
    {
        TensorCount before = TensorCount.Now();
        using (DisposeScope outer = torch.NewDisposeScope())
        {
            Tensor kept;
            Tensor lost;
            using (DisposeScope inner = torch.NewDisposeScope())
            {
                lost = torch.ones(2);
                kept = inner.MoveToOuter(lost.Add(1));
            }

            Assert.True(lost.IsInvalid);
            Assert.Equal([2f, 2f], kept.ToArray<float>());
            Assert.Equal(1, outer.DisposablesCount);
        }

        Assert.Equal(before, TensorCount.Now());
    }

    [Fact]
    public void AnExceptionInTheMiddleLeavesNothingBehind()
    {
        TensorCount before = TensorCount.Now();
        Assert.Throws<ArgumentException>(() =>
        {
            using DisposeScope outer = torch.NewDisposeScope();
            Tensor ones = torch.ones(2, 3);
            using DisposeScope inner = torch.NewDisposeScope();
            _ = (ones * Scalars.Of(2)).MatMul(ones);
        });
        Assert.Equal(before, TensorCount.Now());
    }

    [Fact]
    public void AKeptTensorOutlivesItsScopeUntilItIsDisposed()
    {
        TensorCount before = TensorCount.Now();
        Tensor kept;
        using (torch.NewDisposeScope())
        {
            kept = torch.ones(3).DetachFromDisposeScope();
        }

        Assert.Equal([1f, 1f, 1f], kept.ToArray<float>());
        kept.Dispose();
        kept.Dispose();
        Assert.Equal(before, TensorCount.Now());
        Assert.ThrowsAny<InvalidOperationException>(() => kept.ToArray<float>());
    }

    [Fact]
    public void HandingOutOfTheOutermostScopeGivesTheTensorToTheCaller()
    {
        Tensor result;
        using (DisposeScope scope = torch.NewDisposeScope())
        {
            result = scope.MoveToOuter(torch.ones(1));
        }

        Assert.False(result.IsInvalid);
        result.Dispose();
    }

    [Fact]
    public void HandingOutSomebodyElsesTensorLeavesItThere()
    {
        using DisposeScope outer = torch.NewDisposeScope();
        Tensor mine = torch.ones(1);
        using (DisposeScope inner = torch.NewDisposeScope())
        {
            inner.MoveToOuter(mine);
        }

        Assert.Equal(1, outer.DisposablesCount);
        Assert.False(mine.IsInvalid);
    }

    [Fact]
    public void AThousandStepsLeaveNoTensor()
    {
        using DisposeScope outer = torch.NewDisposeScope();
        Tensor weight = torch.ones(4, 4);
        weight.requires_grad = true;
        TensorCount before = TensorCount.Now();
        for (int step = 0; step < 1000; step++)
        {
            using (torch.NewDisposeScope())
            {
                Tensor loss = torch.ones(2, 4).MatMul(weight).relu().sum();
                loss.Backward();
                weight.grad = null;
            }
        }

        Assert.Equal(before, TensorCount.Now());
    }
}
