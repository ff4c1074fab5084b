using UniPT.Testing;

namespace UniPT.Torch.Tests.Autograd;

public sealed class InferenceTests
{
    [Fact]
    public void WhatItGivesMayBeSavedForBackwardAndWhatItMadeMayNot()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor weight = torch.ones(3).requires_grad_();
        Tensor? inside = null;
        Tensor given = Inference.Run(() => (inside = weight * Scalars.Of(2)).MoveToOuterDisposeScope());
        Assert.False(given.requires_grad);
        (given * weight).sum().Backward();
        Assert.Equal([2f, 2, 2], weight.grad!.ToArray<float>());
        Assert.ThrowsAny<Exception>(() => (inside! * weight).sum());
    }

    [Fact]
    public void TheModeEndsWithItHoweverThatEnds()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor weight = torch.ones(3).requires_grad_();
        Assert.Throws<UserException>(() => Inference.Run(Tensor () => throw new UserException("no")));
        Assert.True((weight * weight).requires_grad);
        using (torch.no_grad())
        {
            Inference.Run(() => Inference.Run(() => weight * weight));
            Assert.False((weight * weight).requires_grad);
        }

        Assert.True((weight * weight).requires_grad);
    }

    [Fact]
    public void NothingIsLeft()
    {
        TensorCount tensors = TensorCount.Now();
        using (DisposeScope scope = torch.NewDisposeScope())
        {
            Assert.Equal(2, Inference.Run(() => (Tensor[])[torch.ones(2).Add(torch.ones(2)), torch.ones(1)]).Count);
            Assert.Equal(tensors.Live + 2, Tensor.TotalCount);
        }

        Assert.Equal(tensors, TensorCount.Now());
    }
}
