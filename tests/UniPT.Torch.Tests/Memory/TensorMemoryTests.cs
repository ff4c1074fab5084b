namespace UniPT.Torch.Tests.Memory;

public sealed class TensorMemoryTests
{
    [Fact]
    public void CurrentAndPeakCountBytesOfStorage()
    {
        using TensorScope scope = TensorScope.Begin();
        long before = TensorMemory.Current;
        TensorMemory.ResetPeak();
        Tensor kept = Tensor.Ones([1000]);
        Tensor view = kept.Reshape(10, 100);
        Tensor.Ones([3000]).Dispose();
        Assert.Equal(4000, TensorMemory.Current - before);
        Assert.Equal(16000, TensorMemory.Peak - before);
        TensorMemory.ResetPeak();
        Assert.Equal(4000, TensorMemory.Peak - before);
        Assert.Equal(4000, view.ByteCount);
    }

    [Fact]
    public void TrimmingGivesBackWhatNoTensorHolds()
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor[] tensors = [.. Enumerable.Range(0, 3000).Select(_ => Tensor.Ones([16_000]))];

        // The last one keeps the C library from giving back the rest by itself.
        Array.ForEach(tensors[..^1], tensor => tensor.Dispose());
        long before = Environment.WorkingSet;
        TensorMemory.Trim();
        Assert.InRange(before - Environment.WorkingSet, 100L << 20, 400L << 20);
        Assert.Equal(16_000, tensors[^1].Sum().Item());
    }

    [Fact]
    public void ALimitIsAnErrorThatSaysWhatWasAskedForAndWhatWasThere()
    {
        using TensorScope scope = TensorScope.Begin();
        TensorMemory.Limit(TensorMemory.Current + 5000);
        try
        {
            Tensor fits = Tensor.Ones([1000]);
            var error = Assert.Throws<TensorMemoryException>(() => Tensor.Ones([1000]));
            Assert.Contains("4000 bytes was asked for", error.Message);
            Assert.Equal(1000, fits.Sum().Item());
        }
        finally
        {
            TensorMemory.Limit(0);
        }
    }

    [Fact]
    public void AnImpossibleSizeIsAMemoryErrorNotACrash()
    {
        using TensorScope scope = TensorScope.Begin();
        Assert.Throws<TensorMemoryException>(() => Tensor.Empty([1L << 50]));
        Assert.ThrowsAny<Exception>(() => Tensor.Empty([1L << 62, 1L << 62]));
    }
}
