using System.Globalization;

namespace UniPT.Backbones.Tests.Media;

/// <summary>The process's largest resident memory since a moment, on Linux; elsewhere 0, so that bounds hold.</summary>
internal static class ProcessPeak
{
    private const string ClearPeak = "5";

    /// <summary>Begins anew, after garbage is gone, and returns what is resident now.</summary>
    internal static long Reset()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        try
        {
            if (OperatingSystem.IsLinux())
            {
                File.WriteAllText("/proc/self/clear_refs", ClearPeak);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A container may forbid it; then peaks before count too, and bounds hold more easily.
        }

        return Bytes();
    }

    /// <summary>The peak since <see cref="Reset"/>.</summary>
    internal static long Bytes()
    {
        if (!OperatingSystem.IsLinux())
        {
            return 0;
        }

        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
