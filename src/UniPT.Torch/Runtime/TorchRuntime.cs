using System.Globalization;
using System.Runtime.InteropServices;
using UniPT.Torch.Native;

namespace UniPT.Torch;

/// <summary>The loaded libtorch: what it is, and settings of the whole process.</summary>
public static unsafe class TorchRuntime
{
    private const int TextCapacity = 16384;

    /// <summary>Text function of the bridge.</summary>
    private delegate int ReadText(byte* buffer, int capacity);

    /// <summary>libtorch's version, such as <c>1.13.1</c>.</summary>
    public static string Version => Marshal.PtrToStringUTF8((nint)Bridge.unipt_torch_version())!;

    /// <summary>libavcodec's version as major.minor.micro.</summary>
    public static string FFmpegVersion
    {
        get
        {
            uint version = Bridge.unipt_ffmpeg_version();
            return $"{version >> 16}.{(version >> 8) & 255}.{version & 255}";
        }
    }

    /// <summary>libtorch's own account of how it was built.</summary>
    public static string Configuration => Read(Bridge.unipt_torch_configuration);

    /// <summary>libtorch's own account of its threads and their libraries.</summary>
    public static string ParallelInformation => Read(Bridge.unipt_parallel_information);

    /// <summary>Whether this libtorch has CUDA and a device answers.</summary>
    public static bool CudaAvailable => Bridge.unipt_cuda_available() != 0;

    /// <summary>Threads inside an operator; at least 1.</summary>
    public static int Threads
    {
        get => Bridge.unipt_threads();
        set => Bridge.Check(Bridge.unipt_set_threads(value));
    }

    /// <summary>Threads to take where nobody chose: those of the environment's OMP_NUM_THREADS, else one for each core.</summary>
    public static int DefaultThreads =>
        int.TryParse(Environment.GetEnvironmentVariable("OMP_NUM_THREADS"), NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0
            ? count
            : Environment.ProcessorCount;

    /// <summary>Seeds every generator; what is drawn afterwards is a function of the seed.</summary>
    public static void ManualSeed(long seed) => Bridge.Check(Bridge.unipt_manual_seed(seed));

    /// <summary>Chooses operators that give the same bits every time, where there is a choice.</summary>
    public static void UseDeterministicAlgorithms(bool enabled) => Bridge.Check(Bridge.unipt_deterministic(enabled ? 1 : 0));

    private static string Read(ReadText read)
    {
        var buffer = new byte[TextCapacity];
        fixed (byte* pointer = buffer)
        {
            Bridge.Check(read(pointer, TextCapacity));
            return Marshal.PtrToStringUTF8((nint)pointer)!;
        }
    }
}
