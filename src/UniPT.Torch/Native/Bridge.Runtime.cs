using System.Runtime.InteropServices;

namespace UniPT.Torch.Native;

internal static unsafe partial class Bridge
{
    [LibraryImport(Library)]
    internal static partial byte* unipt_torch_version();

    [LibraryImport(Library)]
    internal static partial uint unipt_ffmpeg_version();

    [LibraryImport(Library)]
    internal static partial int unipt_torch_configuration(byte* buffer, int capacity);

    [LibraryImport(Library)]
    internal static partial int unipt_parallel_information(byte* buffer, int capacity);

    [LibraryImport(Library)]
    internal static partial int unipt_cuda_available();

    [LibraryImport(Library)]
    internal static partial int unipt_threads();

    [LibraryImport(Library)]
    internal static partial int unipt_set_threads(int count);

    [LibraryImport(Library)]
    internal static partial int unipt_manual_seed(long seed);

    [LibraryImport(Library)]
    internal static partial int unipt_deterministic(int enabled);

    [LibraryImport(Library)]
    internal static partial int unipt_memory_install();

    [LibraryImport(Library)]
    internal static partial long unipt_memory_current();

    [LibraryImport(Library)]
    internal static partial long unipt_memory_peak();

    [LibraryImport(Library)]
    internal static partial void unipt_memory_reset_peak();

    [LibraryImport(Library)]
    internal static partial void unipt_memory_set_limit(long bytes);
}
