using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace UniPT.Torch;

/// <summary>
/// The object that libtorch reports to when a block of tensor memory is taken, freed or refused. libtorch made the hook for its
/// profiler: an object of the C++ class <c>c10::MemoryReportingInfoBase</c>, pushed on a thread as its debug information.
/// Such an object is a pointer to a table of functions, so one can be made here.
/// </summary>
/// <remarks>
/// The table is laid out as the Itanium C++ ABI says, which Linux has; elsewhere nothing is installed. None of the functions may
/// throw: nothing above them could catch it.
/// </remarks>
internal static unsafe class MemoryObserver
{
    private const string PushFunction = "_ZN3c1020ThreadLocalDebugInfo5_pushENS_13DebugInfoKindESt10shared_ptrINS_13DebugInfoBaseEE";
    private const byte ProfilerState = 2;
    private const int CudaDevices = 64;
    private static readonly TimeSpan FinalizerPatience = TimeSpan.FromMilliseconds(200);
    private static readonly MemoryCounter[] Counters = [.. Enumerable.Range(0, 1 + CudaDevices).Select(_ => new MemoryCounter())];
    private static readonly Lazy<nint> Push = new(FindPush);
    private static readonly Lazy<nint> Observer = new(Build);
    private static long RefusedBytes;
    private static int RefusedSlot;
    private static int Probed;
    private static byte Enabled = 1;

    /// <summary>Whether reports come; decided when the first thread is watched.</summary>
    internal static bool Works { get; private set; }

    /// <summary>The counter of a device; null for one that is not counted.</summary>
    internal static MemoryCounter? Counter(Device? device)
    {
        int slot = device is null ? 0 : Slot((int)device.type, Math.Max(device.index, 0));
        return slot < 0 ? null : Counters[slot];
    }

    internal static void ResetPeaks()
    {
        foreach (MemoryCounter counter in Counters)
        {
            counter.ResetPeak();
        }
    }

    internal static (long Bytes, Device Device)? TakeRefused()
    {
        long bytes = Interlocked.Exchange(ref RefusedBytes, 0);
        int slot = Volatile.Read(ref RefusedSlot);
        return bytes == 0 ? null : (bytes, slot == 0 ? new Device(DeviceType.CPU) : new Device(DeviceType.CUDA, slot - 1));
    }

    /// <summary>Makes libtorch report what the calling thread does. To be called once a thread.</summary>
    internal static void Install()
    {
        if (Push.Value == 0)
        {
            return;
        }

        // A shared pointer: the object and the counter of its owners, which ours lacks, as it is never freed.
        nint* shared = stackalloc nint[2] { Observer.Value, 0 };
        ((delegate* unmanaged<byte, nint*, void>)Push.Value)(ProfilerState, shared);
        if (Interlocked.Exchange(ref Probed, 1) == 0)
        {
            long before = Counters[0].Total;
            torch.empty(1, dtype: ScalarType.Byte).Dispose();
            Works = Counters[0].Total > before;
            WatchFinalizers();

            // When the process ends, libtorch's table of blocks goes while other threads may still free some.
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Volatile.Write(ref Enabled, 0);
        }
    }

    private static nint FindPush()
    {
        TorchLibrary.EnsureLoaded();

        // By its bare name the system gives the library that is loaded already, wherever it came from.
        return OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64
            && NativeLibrary.TryLoad("libc10.so", out nint library) && NativeLibrary.TryGetExport(library, PushFunction, out nint push)
            ? push
            : 0;
    }

    private static nint Build()
    {
        // Before the functions stand the offset to the whole object and its type information, which are not needed.
        nint* table = (nint*)NativeMemory.AllocZeroed(8, (nuint)sizeof(nint));
        table[2] = (nint)(delegate* unmanaged<nint, void>)&Destroy;
        table[3] = (nint)(delegate* unmanaged<nint, void>)&Destroy;
        table[4] = (nint)(delegate* unmanaged<nint, nint, long, nuint, nuint, NativeDevice, void>)&ReportUsage;
        table[5] = (nint)(delegate* unmanaged<nint, long, nuint, nuint, NativeDevice, void>)&ReportRefusal;
        table[6] = (nint)(delegate* unmanaged<nint, byte>)&IsEnabled;
        table[7] = (nint)(table + 2);
        return (nint)(table + 7);
    }

    [UnmanagedCallersOnly]
    private static void Destroy(nint self)
    {
        // It lives as long as the process.
    }

    /// <param name="self">The observer.</param>
    /// <param name="block">The block's address.</param>
    /// <param name="bytes">Its size, negative when it is freed.</param>
    /// <param name="allocated">libtorch's own total.</param>
    /// <param name="reserved">What CUDA's allocator keeps.</param>
    /// <param name="device">Where the block lies.</param>
    [UnmanagedCallersOnly]
    private static void ReportUsage(nint self, nint block, long bytes, nuint allocated, nuint reserved, NativeDevice device)
    {
        int slot = Slot(device.Type, device.Index);
        if (slot >= 0)
        {
            Counters[slot].Add(bytes);
        }
    }

    [UnmanagedCallersOnly]
    private static void ReportRefusal(nint self, long bytes, nuint allocated, nuint reserved, NativeDevice device)
    {
        int slot = Slot(device.Type, device.Index);
        if (slot >= 0)
        {
            Volatile.Write(ref RefusedSlot, slot);
            Interlocked.Exchange(ref RefusedBytes, bytes);
        }
    }

    // libtorch asks before it touches its own table of blocks.
    [UnmanagedCallersOnly]
    private static byte IsEnabled(nint self) => Volatile.Read(ref Enabled);

    /// <summary>The place of a device among the counters; −1 for one that is not counted.</summary>
    private static int Slot(int type, int index) => type switch
    {
        (int)DeviceType.CPU => 0,
        (int)DeviceType.CUDA when (uint)index < CudaDevices => 1 + index,
        _ => -1,
    };

    // A tensor that nobody disposed is freed on the finalizers' thread, which can only be reached by a finalizer. It is waited for, or
    // tensors could come before it; not for long, as that thread may be busy or be the one that waits.
    private static void WatchFinalizers()
    {
        using var done = new ManualResetEventSlim();
        LeaveToFinalizer(done);
        GC.Collect(0, GCCollectionMode.Forced, blocking: true);
        done.Wait(FinalizerPatience);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void LeaveToFinalizer(ManualResetEventSlim done) => _ = new FinalizerWatch(done);

    private sealed class FinalizerWatch(ManualResetEventSlim done)
    {
        ~FinalizerWatch()
        {
            try
            {
                TensorMemory.WatchThread();
                done.Set();
            }
            catch (Exception)
            {
                // Nobody waits any more, or what finalizers free is not counted.
            }
        }
    }

    /// <summary><c>c10::Device</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct NativeDevice
    {
        internal readonly sbyte Type;
        internal readonly sbyte Index;
    }
}
