namespace UniPT.Cli.Doctor;

/// <summary>The memory that this process may use.</summary>
/// <param name="Total">Bytes of the machine or of its container.</param>
/// <param name="Available">Bytes that can still be had without swapping.</param>
internal sealed record MachineMemory(long Total, long Available)
{
    /// <summary>What holds now.</summary>
    internal static MachineMemory Read()
    {
        long total = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        string? line = File.ReadLines("/proc/meminfo").FirstOrDefault(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal));
        long available = line is null ? total : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024;
        return new MachineMemory(total, Math.Min(total, available));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{ByteSize.Format(Available)} of {ByteSize.Format(Total)} are available";
}
