using System.Runtime.InteropServices;

namespace UniPT.Torch;

/// <summary>
/// Bytes that tensors occupy on each device, to the byte: libtorch itself tells of every block that it takes and gives back,
/// so views are free and what a recorded graph keeps is included. Tensors mapped from files are not: they take no
/// memory of their own.
/// </summary>
/// <remarks>
/// libtorch tells it for each thread that is watched, and what backward does elsewhere on behalf of one. Every member here
/// watches the thread that calls it; other threads that make or free tensors call <see cref="Watch"/> first. The totals are
/// those of all watched threads together. A block is counted only if a watched thread takes it, and leaves the
/// count only if a watched thread frees it; the thread of the finalizers is watched too.
/// </remarks>
public static unsafe class TensorMemory
{
    [ThreadStatic]
    private static bool Watched;

    /// <summary>Whether tensors are counted here. Where they are not, the figures below are 0 and mean "not measured".</summary>
    public static bool Available
    {
        get
        {
            Watch();
            return MemoryObserver.Works;
        }
    }

    /// <summary>Bytes held now.</summary>
    /// <param name="device">The CPU if null; CUDA without an index is its first device.</param>
    public static long Current(Device? device = null)
    {
        Watch();
        return MemoryObserver.Counter(device)?.Current ?? 0;
    }

    /// <summary>The most bytes held since the first thread was watched or <see cref="ResetPeak"/>.</summary>
    /// <param name="device">The CPU if null; CUDA without an index is its first device.</param>
    public static long Peak(Device? device = null)
    {
        Watch();
        return MemoryObserver.Counter(device)?.Peak ?? 0;
    }

    /// <summary>By how much the peak lies above what was held before; null where it is not measured.</summary>
    /// <param name="before">What <see cref="Current"/> gave when <see cref="ResetPeak"/> was called.</param>
    /// <param name="device">The CPU if null; CUDA without an index is its first device.</param>
    public static long? PeakAbove(long before, Device? device = null) => Available ? Peak(device) - before : null;

    /// <summary>Starts a new peak from what is held now, on every device.</summary>
    public static void ResetPeak()
    {
        Watch();
        MemoryObserver.ResetPeaks();
    }

    /// <summary>
    /// The block that libtorch last could not get, on whatever thread, and forgets it; null if there was none. It explains the
    /// exception that the operation ended with.
    /// </summary>
    public static (long Bytes, Device Device)? TakeRefused() => MemoryObserver.TakeRefused();

    /// <summary>
    /// Counts what the calling thread takes and frees from now on, as long as the thread lives. After the first call on a thread it
    /// costs nothing. Code that goes on after an <c>await</c> may be on another thread.
    /// </summary>
    /// <exception cref="UserException">libtorch cannot be loaded.</exception>
    public static void Watch()
    {
        if (!Watched)
        {
            // Set before: what is done below may come here again.
            Watched = true;
            try
            {
                MemoryObserver.Install();
            }
            catch
            {
                Watched = false;
                throw;
            }
        }
    }

    /// <summary>
    /// Gives the system back what no tensor holds any more, for a process that goes on to other work. The C library keeps it else,
    /// for each thread that worked; one without <c>malloc_trim</c> goes on keeping it.
    /// </summary>
    public static void Trim()
    {
        if (OperatingSystem.IsLinux() && NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "malloc_trim", out nint trim))
        {
            _ = ((delegate* unmanaged<nuint, int>)trim)(0);
        }
    }
}
