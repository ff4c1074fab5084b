namespace UniPT.Torch.Tests.Memory;

public sealed class TensorMemoryTests
{
    [Fact]
    public void CurrentAndPeakCountBytesOfStorage()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        long before = TensorMemory.Current;
        TensorMemory.ResetPeak();
        Tensor kept = torch.ones(1000);
        Tensor view = kept.reshape(10, 100);
        torch.ones(3000).Dispose();
        Assert.Equal(4000, TensorMemory.Current - before);
        Assert.Equal(16000, TensorMemory.Peak - before);
        TensorMemory.ResetPeak();
        Assert.Equal(4000, TensorMemory.Peak - before);
        Assert.Equal(4000, view.ByteCount());
    }

    [Fact]
    public void TrimmingGivesBackWhatNoTensorHolds()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor[] tensors = [.. Enumerable.Range(0, 3000).Select(_ => torch.ones(16_000))];

        // The last one keeps the C library from giving back the rest by itself.
        Array.ForEach(tensors[..^1], tensor => tensor.Dispose());
        long before = Environment.WorkingSet;
        TensorMemory.Trim();
        Assert.InRange(before - Environment.WorkingSet, 100L << 20, 400L << 20);
        Assert.Equal(16_000, tensors[^1].sum().ToDouble());
    }

    [Fact]
    public void ALimitIsAnErrorThatSaysWhatWasAskedForAndWhatWasThere()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TensorMemory.Limit(TensorMemory.Current + 5000);
        try
        {
            Tensor fits = torch.ones(1000);
            var error = Assert.Throws<TensorMemoryException>(() => torch.ones(1000));
            Assert.Contains("4000 bytes was asked for", error.Message);
            Assert.Equal(1000, fits.sum().ToDouble());
        }
        finally
        {
            TensorMemory.Limit(0);
        }
    }

    [Fact]
    public void AnImpossibleSizeIsAMemoryErrorNotACrash()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Assert.Throws<TensorMemoryException>(() => torch.empty(1L << 50));
        Assert.ThrowsAny<Exception>(() => torch.empty(1L << 62, 1L << 62));
    }
}
