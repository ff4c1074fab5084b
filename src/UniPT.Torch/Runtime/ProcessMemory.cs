using System.Diagnostics;

namespace UniPT.Torch;

/// <summary>What the operating system says of this process's memory: tensors, the runtime, libraries and mapped files alike.</summary>
public static class ProcessMemory
{
    /// <summary>The most bytes that were resident at once; null where the system does not tell.</summary>
    public static long? Peak
    {
        get
        {
            if (OperatingSystem.IsLinux())
            {
                return ProcFile.Bytes("/proc/self/status", "VmHWM");
            }

            if (OperatingSystem.IsMacOS())
            {
                return MacMachine.PeakResident;
            }

            using var process = Process.GetCurrentProcess();
            return process.PeakWorkingSet64 is > 0 and long bytes ? bytes : null;
        }
    }

    /// <summary>Starts a new peak, so that one run's is not another's. Only Linux allows it.</summary>
    /// <returns>Whether it did; else the peak goes on covering the whole process.</returns>
    public static bool ResetPeak()
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
