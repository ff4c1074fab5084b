using System.Globalization;

namespace UniPT.Torch;

/// <summary>What the operating system says of the machine, or of the container that the process runs in.</summary>
public static class Machine
{
    /// <summary>The processor's name; <c>unknown</c> where the system does not tell.</summary>
    public static string Processor => Field("/proc/cpuinfo", "model name") ?? "unknown";

    /// <summary>Bytes of memory that the process may use at most.</summary>
    public static long TotalMemory => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Bytes of memory that can be had now without swapping, at most <see cref="TotalMemory"/>.</summary>
    public static long AvailableMemory => Field("/proc/meminfo", "MemAvailable") is { } text
        ? Math.Min(TotalMemory, long.Parse(text.Split(' ')[0], CultureInfo.InvariantCulture) * 1024)
        : TotalMemory;

    private static string? Field(string file, string name) => File.Exists(file)
        ? File.ReadLines(file).Where(line => line.StartsWith(name, StringComparison.Ordinal)).Select(line => line[(line.IndexOf(':') + 1)..].Trim()).FirstOrDefault()
        : null;
}
