using System.Globalization;
using UniPT.Torch.Native;

namespace UniPT.Torch;

/// <summary>The loaded libtorch: what it is, and settings of the whole process.</summary>
public static class TorchRuntime
{
    /// <summary>The version of libtorch that TorchSharp is built for and loads, such as <c>2.10.0</c>.</summary>
    public static string Version
    {
        get
        {
            TorchLibrary.EnsureLoaded();
            return torch.NormalizeNuGetVersion(torch.__version__);
        }
    }

    /// <summary>Whether this libtorch has CUDA and a device answers.</summary>
    public static bool CudaAvailable
    {
        get
        {
            TorchLibrary.EnsureLoaded();
            return torch.cuda.is_available();
        }
    }

    /// <summary>Threads inside an operator; at least 1.</summary>
    public static int Threads
    {
        get
        {
            TorchLibrary.EnsureLoaded();
            return torch.get_num_threads();
        }

        set
        {
            TorchLibrary.EnsureLoaded();
            torch.set_num_threads(value);
        }
    }

    /// <summary>Threads to take where nobody chose: those of the environment's OMP_NUM_THREADS, else one for each core.</summary>
    public static int DefaultThreads =>
        int.TryParse(Environment.GetEnvironmentVariable("OMP_NUM_THREADS"), NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0
            ? count
            : Environment.ProcessorCount;

    /// <summary>Seeds every generator, of the CPU and of all CUDA devices; what is drawn afterwards is a function of the seed.</summary>
    public static void ManualSeed(long seed)
    {
        TorchLibrary.EnsureLoaded();
        torch.random.manual_seed(seed).Dispose();
        torch.cuda.manual_seed_all(seed);
    }

    /// <summary>
    /// Chooses operators that give the same bits every time, where there is a choice; one that has none warns. The CPU's operators
    /// used here give the same bits without it.
    /// </summary>
    /// <returns>False where the loaded libtorch does not show the setting under a known name, so that nothing was changed.</returns>
    public static bool UseDeterministicAlgorithms(bool enabled)
    {
        TorchLibrary.EnsureLoaded();
        return DeterminismSetting.Set(enabled);
    }
}
