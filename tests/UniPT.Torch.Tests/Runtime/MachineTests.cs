namespace UniPT.Torch.Tests.Runtime;

public sealed class MachineTests
{
    [Fact]
    public void AvailableMemoryIsPartOfAll()
    {
        Assert.InRange(Machine.AvailableMemory, 1, Machine.TotalMemory);
        Assert.True(Machine.TotalMemory > 64 << 20);
    }

    [Fact]
    public void TheProcessorHasAName() => Assert.NotEmpty(Machine.Processor);
}
