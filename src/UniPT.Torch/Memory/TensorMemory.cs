using System.Runtime.InteropServices;
using UniPT.Torch.Native;

namespace UniPT.Torch;

/// <summary>
/// Bytes that tensors on the CPU occupy, counted by the allocator itself, so views are free and what a recorded
/// graph keeps is included. Tensors mapped from files are not: they take no memory of their own.
/// </summary>
public static unsafe class TensorMemory
{
    /// <summary>Bytes held now.</summary>
    public static long Current => Bridge.unipt_memory_current();

    /// <summary>The most bytes held since the process began or <see cref="ResetPeak"/>.</summary>
    public static long Peak => Bridge.unipt_memory_peak();

    /// <summary>Starts a new peak from what is held now.</summary>
    public static void ResetPeak() => Bridge.unipt_memory_reset_peak();

    /// <summary>Refuses tensors with a <see cref="TensorMemoryException"/> beyond this many bytes; 0 lifts the limit.</summary>
    public static void Limit(long bytes) => Bridge.unipt_memory_set_limit(bytes);

    /// <summary>
    /// Gives the system back what no tensor holds any more, for a process that goes on to other work. The C library keeps it else,
    /// for each thread that worked; one without <c>malloc_trim</c> goes on keeping it.
    /// </summary>
    public static void Trim()
    {
        if (NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "malloc_trim", out nint trim))
        {
            _ = ((delegate* unmanaged<nuint, int>)trim)(0);
        }
    }
}
