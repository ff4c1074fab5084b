using System.Runtime.InteropServices;

namespace UniPT.Torch.Native;

/// <summary>
/// How the C library keeps freed memory. By default every large tensor is mapped, zeroed by the kernel and unmapped again;
/// keeping it in one heap saves that.
/// </summary>
internal static unsafe class HeapSettings
{
    // The parameters of glibc's malloc.h.
    private static readonly (int Parameter, int Value)[] Settings =
    [
        (-8, 1), // M_ARENA_MAX
        (-3, 32 << 20), // M_MMAP_THRESHOLD
        (-1, 256 << 20), // M_TRIM_THRESHOLD
        (-2, 16 << 20), // M_TOP_PAD
    ];

    internal static void Apply()
    {
        if (NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "mallopt", out nint mallopt))
        {
            foreach ((int parameter, int value) in Settings)
            {
                _ = ((delegate* unmanaged<int, int, int>)mallopt)(parameter, value);
            }
        }
    }
}
