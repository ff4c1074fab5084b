namespace UniPT.Torch.Tests.Runtime;

public sealed class MachineTests
{
    [Fact]
    public void AvailableMemoryIsPartOfAll()
    {
        Assert.InRange(Machine.AvailableMemory ?? 1, 1, Machine.TotalMemory);
        Assert.True(Machine.TotalMemory > 64 << 20);
    }

    [Fact]
    public void TheProcessorHasAName() => Assert.NotEmpty(Machine.Processor);

    [Fact]
    public void FastBFloat16IsWhatLinuxListsOfTheProcessor()
    {
        if (OperatingSystem.IsLinux())
        {
            string flags = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("flags", StringComparison.Ordinal)) ?? "";
            Assert.Equal(flags.Contains("avx512_bf16", StringComparison.Ordinal) || flags.Contains("amx_bf16", StringComparison.Ordinal), Machine.HasFastBFloat16());
        }

        Assert.False(Machine.HasFastBFloat16(new Device("cuda:63")));
    }

    [Fact]
    public void ThePeakOfTheProcessIsAtLeastWhatItHolds()
    {
        Assert.InRange(ProcessMemory.Peak ?? long.MaxValue, 1 << 20, long.MaxValue);
        if (ProcessMemory.ResetPeak())
        {
            Assert.InRange(ProcessMemory.Peak!.Value, 1 << 20, Environment.WorkingSet + (64L << 20));
        }
    }
}
