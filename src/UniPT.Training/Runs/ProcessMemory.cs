using System.Diagnostics;

namespace UniPT.Training.Runs;

/// <summary>What the operating system says of this process.</summary>
internal static class ProcessMemory
{
    /// <summary>The resident high-water mark in bytes, as <c>VmHWM</c> in <c>/proc/self/status</c>.</summary>
    internal static long Peak()
    {
        const string Field = "VmHWM:";
        string? line = File.Exists("/proc/self/status")
            ? File.ReadLines("/proc/self/status").FirstOrDefault(text => text.StartsWith(Field, StringComparison.Ordinal))
            : null;
        return line is not null
            ? long.Parse(line[Field.Length..].Replace("kB", "").Trim()) * 1024
            : Process.GetCurrentProcess().PeakWorkingSet64;
    }

    /// <summary>Starts a new high-water mark, so that one run's peak is not another's; where the system allows it.</summary>
    internal static void ResetPeak()
    {
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The mark then covers the whole process, which is what is documented for such systems.
        }
    }
}
