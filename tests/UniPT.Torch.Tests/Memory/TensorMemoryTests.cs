using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace UniPT.Torch.Tests.Memory;

public sealed class TensorMemoryTests
{
    [Fact]
    public void LinuxIsMeasured() =>
        Assert.Equal(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, TensorMemory.Available);

    [Fact]
    public void CurrentAndPeakCountBytesOfStorage()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        long before = TensorMemory.Current();
        TensorMemory.ResetPeak();
        Tensor kept = torch.ones(1000);
        Tensor view = kept.reshape(10, 100);
        torch.ones(3000).Dispose();
        Assert.Equal(4000, TensorMemory.Current() - before);
        Assert.Equal(16000, TensorMemory.PeakAbove(before));
        TensorMemory.ResetPeak();
        Assert.Equal(4000, TensorMemory.Peak() - before);
        Assert.Equal(1000, view.numel());
        Assert.Equal(0, TensorMemory.Current(new Device("cuda:1")));
    }

    /// <summary>Input [128, 32, 768], product with [768, 512], its square, the mean; then the same backwards.</summary>
    [Fact]
    public void AStepIsCountedToTheByteAndLeavesNothing()
    {
        const long Weight = 768 * 512 * sizeof(float);
        const long Input = 128 * 32 * 768 * sizeof(float);
        const long Output = 128 * 32 * 512 * sizeof(float);
        long before = TensorMemory.Current();
        TensorMemory.ResetPeak();
        using (torch.NewDisposeScope())
        {
            Tensor weight = torch.rand(768, 512, requires_grad: true);
            Tensor loss = torch.nn.functional.linear(torch.rand(128, 32, 768), weight.t()).pow(Scalars.Of(2)).mean();
            loss.backward();

            // At the end: weight and its gradient, input, product, square, loss.
            Assert.Equal((2 * Weight) + Input + (2 * Output) + 4, TensorMemory.Current() - before);

            // Most is held where the square goes backwards, which is its gradient times twice the product: beside weight, input, product,
            // square, loss and the gradient of the loss there are the square's gradient, two steps of the factor, and the result.
            Assert.Equal(Weight + Input + (6 * Output) + 8, TensorMemory.PeakAbove(before));
            weight.grad!.Dispose();
        }

        Assert.Equal(before, TensorMemory.Current());
    }

    [Fact]
    public async Task WorkIsFollowedToOtherThreads()
    {
        long before = TensorMemory.Current();
        Tensor? tensor = null;
        var thread = new Thread(() => tensor = torch.ones(1000));
        thread.Start();
        thread.Join();
        Assert.Equal(4000, TensorMemory.Current() - before);
        await Task.Run(tensor!.Dispose);
        Assert.Equal(before, TensorMemory.Current());
        Parallel.For(0, 200, i => torch.ones(100 + i).Dispose());
        await Task.Yield();
        Assert.Equal(before, TensorMemory.Current());
    }

    [Fact]
    public void FinalizersAndInferenceModeAreCounted()
    {
        CollectAbandoned();
        long before = TensorMemory.Current();
        Abandon();
        CollectAbandoned();
        Assert.Equal(before, TensorMemory.Current());
        using (torch.inference_mode())
        {
            using Tensor tensor = torch.ones(1000);
            Assert.Equal(4000, TensorMemory.Current() - before);
        }

        Assert.Equal(before, TensorMemory.Current());
    }

    [Fact]
    public void AnImpossibleSizeIsAnExceptionThatTheRefusedSizeExplains()
    {
        _ = TensorMemory.TakeRefused();
        long before = TensorMemory.Current();
        Assert.ThrowsAny<ExternalException>(() => torch.empty(1L << 50));
        Assert.Equal((4L << 50, DeviceType.CPU), TensorMemory.TakeRefused() is { } refused ? (refused.Bytes, refused.Device.type) : default);
        Assert.Null(TensorMemory.TakeRefused());
        Assert.ThrowsAny<Exception>(() => torch.empty(1L << 62, 1L << 62));
        Assert.Equal(before, TensorMemory.Current());
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
        Assert.InRange(before - Environment.WorkingSet, OperatingSystem.IsLinux() ? 100L << 20 : long.MinValue, 400L << 20);
        Assert.Equal(16_000, tensors[^1].sum().item<float>());
    }

    private static void CollectAbandoned()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Abandon()
    {
        for (int i = 0; i < 10; i++)
        {
            torch.ones(1000);
        }
    }
}
