namespace UniPT.Torch.Tests.Tensors;

public sealed class TensorScopeTests
{
    [Fact]
    public void ClosingAScopeFreesWhatWasNotHandedOut()
    {
        long before = Tensor.LiveCount;
        using (TensorScope outer = TensorScope.Begin())
        {
            Tensor kept;
            Tensor lost;
            using (TensorScope inner = TensorScope.Begin())
            {
                lost = Tensor.Ones([2]);
                kept = inner.HandOut(lost + 1);
            }

            Assert.True(lost.IsDisposed);
            Assert.Equal([2f, 2f], kept.ToArray<float>());
            Assert.Equal(1, outer.Count);
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void AnExceptionInTheMiddleLeavesNothingBehind()
    {
        long before = Tensor.LiveCount;
        Assert.Throws<TorchException>(() =>
        {
            using TensorScope outer = TensorScope.Begin();
            Tensor ones = Tensor.Ones([2, 3]);
            using TensorScope inner = TensorScope.Begin();
            _ = (ones * 2).MatMul(ones);
        });
        Assert.Equal(before, Tensor.LiveCount);
        Assert.Null(TensorScope.Current);
    }

    [Fact]
    public void ATensorWithoutAScopeIsRefused()
    {
        long before = Tensor.LiveCount;
        var error = Assert.Throws<InvalidOperationException>(() => Tensor.Ones([2]));
        Assert.Contains("TensorScope.Begin", error.Message);
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void AKeptTensorOutlivesItsScopeUntilItIsDisposed()
    {
        long before = Tensor.LiveCount;
        Tensor kept;
        using (TensorScope.Begin())
        {
            kept = Tensor.Ones([3]).Keep();
        }

        Assert.Equal([1f, 1f, 1f], kept.ToArray<float>());
        kept.Dispose();
        kept.Dispose();
        Assert.Equal(before, Tensor.LiveCount);
        Assert.Throws<ObjectDisposedException>(() => kept.ToArray<float>());
    }

    [Fact]
    public void HandingOutOfTheOutermostScopeGivesTheTensorToTheCaller()
    {
        Tensor result;
        using (TensorScope scope = TensorScope.Begin())
        {
            result = scope.HandOut(Tensor.Ones([1]));
        }

        Assert.False(result.IsDisposed);
        result.Dispose();
    }

    [Fact]
    public void HandingOutSomebodyElsesTensorLeavesItThere()
    {
        using TensorScope outer = TensorScope.Begin();
        Tensor mine = Tensor.Ones([1]);
        using (TensorScope inner = TensorScope.Begin())
        {
            inner.HandOut(mine);
        }

        Assert.Equal(1, outer.Count);
        Assert.False(mine.IsDisposed);
    }

    [Fact]
    public void ScopesCloseInReverseOrder()
    {
        TensorScope outer = TensorScope.Begin();
        TensorScope inner = TensorScope.Begin();
        Assert.Throws<InvalidOperationException>(outer.Dispose);
        inner.Dispose();
        outer.Dispose();
    }

    [Fact]
    public async Task AScopeFollowsTheLogicalFlowNotTheThread()
    {
        long before = Tensor.LiveCount;
        using (TensorScope scope = TensorScope.Begin())
        {
            Tensor first = Tensor.Ones([1]);
            await Task.Delay(1);
            await Task.Yield();
            Assert.Same(scope, TensorScope.Current);
            Tensor second = first + 1;
            Assert.Equal(2, scope.Count);
            Assert.Equal(2, second.Item());
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void AThousandStepsLeaveNoTensor()
    {
        using TensorScope outer = TensorScope.Begin();
        Tensor weight = Tensor.Ones([4, 4]);
        weight.RequiresGrad = true;
        long before = Tensor.LiveCount;
        long bytes = 0;
        for (int step = 0; step < 1000; step++)
        {
            using (TensorScope.Begin())
            {
                Tensor loss = Tensor.Ones([2, 4]).MatMul(weight).Relu().Sum();
                loss.Backward();
                weight.Grad = null;
            }

            bytes = step == 0 ? TensorMemory.Current : bytes;
        }

        Assert.Equal(before, Tensor.LiveCount);
        Assert.Equal(bytes, TensorMemory.Current);
    }
}
