using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32;

namespace UniPT.Torch;

/// <summary>What Windows says of the machine.</summary>
[SupportedOSPlatform("windows")]
internal static partial class WindowsMachine
{
    internal static string? Processor =>
        (Registry.GetValue(@"HKEY_LOCAL_MACHINE\HARDWARE\DESCRIPTION\System\CentralProcessor\0", "ProcessorNameString", null) as string)?.Trim()
        ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");

    internal static long? AvailableMemory
    {
        get
        {
            var status = new MemoryStatus { Size = (uint)Marshal.SizeOf<MemoryStatus>() };
            return GlobalMemoryStatusEx(ref status) != 0 ? (long)status.AvailablePhysical : null;
        }
    }

    [LibraryImport("kernel32")]
    private static partial int GlobalMemoryStatusEx(ref MemoryStatus status);

    /// <summary><c>MEMORYSTATUSEX</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct MemoryStatus
    {
        internal uint Size;
        internal uint Load;
        internal ulong TotalPhysical;
        internal ulong AvailablePhysical;
        internal ulong TotalPageFile;
        internal ulong AvailablePageFile;
        internal ulong TotalVirtual;
        internal ulong AvailableVirtual;
        internal ulong AvailableExtendedVirtual;
    }
}
