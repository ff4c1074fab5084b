using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace UniPT.Torch;

/// <summary>What macOS says of the machine and of this process.</summary>
[SupportedOSPlatform("macos")]
internal static unsafe partial class MacMachine
{
    // sys/resource.h: sixteen bytes for each of two times, then the most resident memory, in bytes; 144 bytes in all.
    private const int UsageWords = 18;
    private const int MaxResident = 4;

    internal static string? Processor
    {
        get
        {
            byte[] text = new byte[256];
            nuint length = (nuint)text.Length;
            fixed (byte* pointer = text)
            {
                return sysctlbyname("machdep.cpu.brand_string", pointer, ref length, 0, 0) == 0
                    ? Encoding.UTF8.GetString(text, 0, (int)length).TrimEnd('\0')
                    : null;
            }
        }
    }

    /// <summary>Free pages and those that the system drops first; what it could free by writing is not known to it in advance.</summary>
    internal static long? AvailableMemory =>
        Number("vm.page_free_count") is { } free && Number("hw.pagesize") is { } page
            ? (free + (Number("vm.page_speculative_count") ?? 0) + (Number("vm.page_purgeable_count") ?? 0)) * page
            : null;

    /// <summary>The most memory that this process had resident.</summary>
    internal static long? PeakResident
    {
        get
        {
            long* usage = stackalloc long[UsageWords];
            return getrusage(0, usage) == 0 ? usage[MaxResident] : null;
        }
    }

    // Some are four bytes wide, some eight; on this little-endian system the rest stays zero.
    private static long? Number(string name)
    {
        long value = 0;
        nuint length = sizeof(long);
        return sysctlbyname(name, &value, ref length, 0, 0) == 0 ? value : null;
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int sysctlbyname(string name, void* value, ref nuint length, nint newValue, nuint newLength);

    [LibraryImport("libc")]
    private static partial int getrusage(int who, long* usage);
}
