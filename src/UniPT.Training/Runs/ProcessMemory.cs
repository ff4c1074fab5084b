using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace UniPT.Training.Runs;

/// <summary>What the operating system says of this process.</summary>
internal static class ProcessMemory
{
    /// <summary>The resident high-water mark in bytes: on Linux <c>VmHWM</c> in <c>/proc/self/status</c>.</summary>
    internal static long Peak()
    {
        if (OperatingSystem.IsLinux())
        {
            const string Field = "VmHWM:";
            string? line = File.ReadLines("/proc/self/status").FirstOrDefault(text => text.StartsWith(Field, StringComparison.Ordinal));
            if (line is not null)
            {
                return long.Parse(line[Field.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) * 1024;
            }
        }

        using var process = Process.GetCurrentProcess();
        return OperatingSystem.IsMacOS() ? PeakOnMac() : process.PeakWorkingSet64;
    }

    /// <summary>Starts a new high-water mark, so that one run's peak is not another's; where the system allows it.</summary>
    internal static void ResetPeak()
    {
        if (!OperatingSystem.IsLinux())
        {
            return; // The mark covers the whole process, which is what is documented for such systems.
        }

        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The same holds where a container does not allow it.
        }
    }

    /// <summary>.NET has no such figure on macOS; <c>ru_maxrss</c> is the fifth word there, in bytes.</summary>
    private static long PeakOnMac()
    {
        const int Self = 0;
        long[] usage = new long[18];
        return GetUsage(Self, usage) == 0 ? usage[4] : Environment.WorkingSet;
    }

    [DllImport("libc", EntryPoint = "getrusage")]
    private static extern int GetUsage(int who, [Out] long[] usage);
}
