using System.Runtime.CompilerServices;
using UniPT.Testing;

namespace UniPT.Torch.Tests.Memory;

/// <summary>What the leak tests of all projects go by.</summary>
public sealed class TensorCountTests
{
    [Fact]
    public void ATensorThatNobodyFreedIsNoticed()
    {
        TensorCount before = TensorCount.Now();
        Abandon();
        TensorCount after = TensorCount.Now();

        // Neither live tensors nor bytes tell: the collector freed them in the end.
        Assert.Equal((before.Live, before.Bytes, before.Finalized + 2), (after.Live, after.Bytes, after.Finalized));
    }

    [Fact]
    public void ATensorThatLivesOnIsNoticed()
    {
        TensorCount before = TensorCount.Now();
        using Tensor tensor = torch.ones(10);
        Assert.Equal(before with { Live = before.Live + 1, Bytes = before.Bytes + 40 }, TensorCount.Now());
    }

    [Fact]
    public void WhatAScopeFreesIsNotLeftToFinalizers()
    {
        TensorCount before = TensorCount.Now();
        using (torch.NewDisposeScope())
        {
            _ = torch.ones(10) + torch.ones(10);
        }

        Assert.Equal(before, TensorCount.Now());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Abandon()
    {
        torch.ones(10);
        torch.ones(20);
    }
}
