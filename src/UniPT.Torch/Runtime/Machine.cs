using System.Runtime.Intrinsics.X86;
using System.Text;

namespace UniPT.Torch;

/// <summary>What the operating system says of the machine, or of the container that the process runs in.</summary>
public static class Machine
{
    /// <summary>The values of <c>ONEDNN_MAX_CPU_ISA</c> below AVX512-BF16.</summary>
    private static readonly string[] OlderInstructions =
        ["SSE41", "AVX", "AVX2", "AVX2_VNNI", "AVX2_VNNI_2", "AVX10_1_256", "AVX512_CORE", "AVX512_CORE_VNNI"];

    private static readonly Lazy<bool> ProcessorBFloat16 = new(HasProcessorBFloat16);

    /// <summary>The processor's name; <c>unknown</c> where the system does not tell.</summary>
    public static string Processor
    {
        get
        {
            string? name = OperatingSystem.IsLinux() ? ProcFile.Field("/proc/cpuinfo", "model name")
                : OperatingSystem.IsWindows() ? WindowsMachine.Processor
                : OperatingSystem.IsMacOS() ? MacMachine.Processor
                : null;
            return string.IsNullOrWhiteSpace(name) ? "unknown" : name;
        }
    }

    /// <summary>Whether .NET has ICU in this process, without which it normalises no text.</summary>
    public static bool HasIcu { get; } = "\uFB01".Normalize(NormalizationForm.FormKC) == "fi";

    /// <summary>Bytes of memory that the process may use at most.</summary>
    public static long TotalMemory => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Bytes of memory that can be had now without swapping, at most <see cref="TotalMemory"/>; null where the system does not tell.</summary>
    public static long? AvailableMemory
    {
        get
        {
            long? bytes = OperatingSystem.IsLinux() ? ProcFile.Bytes("/proc/meminfo", "MemAvailable")
                : OperatingSystem.IsWindows() ? WindowsMachine.AvailableMemory
                : OperatingSystem.IsMacOS() ? MacMachine.AvailableMemory
                : null;
            return bytes is { } known ? Math.Min(TotalMemory, known) : null;
        }
    }

    /// <summary>
    /// Whether products in bfloat16 have instructions of their own there, which makes them several times faster than in float32:
    /// AVX512-BF16 or AMX of a processor, unless <c>ONEDNN_MAX_CPU_ISA</c> forbids them to libtorch; compute capability 8 (Ampere)
    /// of a GPU.
    /// </summary>
    /// <param name="device">The CPU if null.</param>
    public static bool HasFastBFloat16(Device? device = null) => device?.type switch
    {
        null or DeviceType.CPU => ProcessorBFloat16.Value,
        DeviceType.CUDA => CudaDriver.ComputeCapability(Math.Max(device.index, 0)) >= 8,
        _ => false,
    };

    // Leaf 7 of CPUID, as Intel's and AMD's manuals number its bits. That the system keeps the wide registers of a thread is part of
    // what .NET checks for AVX-512.
    private static bool HasProcessorBFloat16()
    {
        const int Avx512BFloat16 = 1 << 5;
        const int Amx = (1 << 22) | (1 << 24);
        string? allowed = Environment.GetEnvironmentVariable("ONEDNN_MAX_CPU_ISA");
        if (!Avx512F.IsSupported || X86Base.CpuId(0, 0).Eax < 7 || OlderInstructions.Contains(allowed, StringComparer.OrdinalIgnoreCase))
        {
            return false;
        }

        (int subleaves, _, _, int features) = X86Base.CpuId(7, 0);
        return (features & Amx) == Amx || (subleaves >= 1 && (X86Base.CpuId(7, 1).Eax & Avx512BFloat16) != 0);
    }
}
