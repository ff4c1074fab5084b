using System.Runtime.InteropServices;

namespace UniPT.Torch;

/// <summary>
/// Bytes that tensors occupy on each device, to the byte: libtorch itself tells of every block that it takes and gives back,
/// so views are free and what a recorded graph keeps is included. Tensors mapped from files are not: they take no
/// memory of their own.
/// </summary>
/// <remarks>
/// libtorch tells it for each thread that is watched, and what backward does elsewhere on behalf of one. Every figure asked for here
/// watches as <see cref="Watch"/> does; a program that calls it first of all counts everything. The totals are those of
/// all watched threads together. A block is counted only if a watched thread takes it, and leaves the
/// count only if a watched thread frees it; the thread of the finalizers is watched too.
/// </remarks>
public static unsafe class TensorMemory
{
    private static readonly AsyncLocal<bool> Flow = new(Follow);
    private static readonly AsyncLocal<bool> Hidden = new();

    [ThreadStatic]
    private static bool Watched;

    /// <summary>Whether tensors are counted here. Where they are not, the figures below are 0 and mean "not measured".</summary>
    public static bool Available
    {
        get
        {
            Watch();
            return MemoryObserver.Works && !Hidden.Value;
        }
    }

    /// <summary>Bytes held now.</summary>
    /// <param name="device">The CPU if null; CUDA without an index is its first device.</param>
    public static long Current(Device? device = null)
    {
        Watch();
        return Counter(device)?.Current ?? 0;
    }

    /// <summary>The most bytes held since the first thread was watched or <see cref="ResetPeak"/>.</summary>
    /// <param name="device">The CPU if null; CUDA without an index is its first device.</param>
    public static long Peak(Device? device = null)
    {
        Watch();
        return Counter(device)?.Peak ?? 0;
    }

    /// <summary>Whether the tensors of a device are counted: <see cref="Available"/>, and the device is the CPU or a CUDA one.</summary>
    /// <param name="device">The CPU if null.</param>
    public static bool Measures(Device? device) => Available && Counter(device) is not null;

    /// <summary>By how much the peak lies above what was held before; null where it is not measured.</summary>
    /// <param name="before">What <see cref="Current"/> gave when <see cref="ResetPeak"/> was called.</param>
    /// <param name="device">The CPU if null; CUDA without an index is its first device.</param>
    public static long? PeakAbove(long before, Device? device = null) => Measures(device) ? Peak(device) - before : null;

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
    public static (long Bytes, Device Device)? TakeRefused() => Hidden.Value ? null : MemoryObserver.TakeRefused();

    /// <summary>
    /// Counts what the calling thread takes and frees from now on, as long as the thread lives, and likewise every thread to which its
    /// work flows: threads and tasks that it starts, and where code goes on after an <c>await</c>. After the first call it
    /// costs next to nothing.
    /// </summary>
    /// <exception cref="UserException">libtorch cannot be loaded.</exception>
    public static void Watch()
    {
        WatchThread();
        if (!Flow.Value)
        {
            Flow.Value = true;
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

    /// <summary>For tests: the calling code and what it starts find nothing measured, as where libtorch cannot be observed.</summary>
    /// <returns>Ends it.</returns>
    internal static IDisposable Hide()
    {
        Hidden.Value = true;
        return new Hiding();
    }

    /// <summary>Counts what the calling thread does, but not what it starts.</summary>
    internal static void WatchThread()
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

    // Called on a thread to which the value comes with other work; libtorch is loaded then.
    private static void Follow(AsyncLocalValueChangedArgs<bool> change)
    {
        if (change.CurrentValue)
        {
            WatchThread();
        }
    }

    private static MemoryCounter? Counter(Device? device) => Hidden.Value ? null : MemoryObserver.Counter(device);

    private sealed class Hiding : IDisposable
    {
        public void Dispose() => Hidden.Value = false;
    }
}
