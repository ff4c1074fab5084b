using UniPT.Torch;

namespace UniPT.Cli.Doctor;

/// <summary>The bridge and the native libraries below it.</summary>
internal static class EngineChecks
{
    private const string BlasAdvice =
        "sudo apt-get install libopenblas0-openmp && sudo update-alternatives --auto libblas.so.3-$(uname -m)-linux-gnu";

    /// <summary>Loads the bridge and says what it runs on.</summary>
    internal static IEnumerable<Finding> Run()
    {
        string version;
        try
        {
            version = TorchRuntime.Version;
        }
        catch (Exception error) when (error is UserException or TypeInitializationException)
        {
            return error is UserException
                ? [new Finding("bridge", Health.Missing, error.Message)]
                : [new Finding("bridge", Health.Missing, error.InnerException!.Message, "start through ./unipt, which rebuilds a bridge that is out of date")];
        }

        return
        [
            new Finding("bridge", Health.Good, LoadedLibrary.Find("libunipt_bridge.") ?? "linked in"),
            new Finding("libtorch", Health.Good, $"{version}, {LoadedLibrary.Find("libtorch_cpu.")}"),
            Cuda(),
            Blas(),
            new Finding("threads", Health.Good, $"{TorchRuntime.DefaultThreads} (set with OMP_NUM_THREADS or a recipe's threads)"),
            new Finding("FFmpeg", Health.Good, $"libavcodec {TorchRuntime.FFmpegVersion}, {LoadedLibrary.Find("libavcodec.")}"),
        ];
    }

    private static Finding Cuda() => TorchRuntime.CudaAvailable
        ? new Finding("CUDA", Health.Good, "available (--device cuda)")
        : new Finding("CUDA", Health.Good, "not available, everything runs on the CPU",
            "for a GPU, set UNIPT_LIBTORCH to the folder of a libtorch with CUDA");

    private static Finding Blas()
    {
        string? path = LoadedLibrary.Find("libopenblas", "libmkl_rt", "libblis", "libblas.");
        if (path is null)
        {
            return new Finding("BLAS", Health.Good, "built into libtorch");
        }

        string? kernels = LoadedLibrary.Ask(path, "openblas_get_corename");
        if (kernels is null && Path.GetFileName(path).StartsWith("libblas.", StringComparison.Ordinal))
        {
            return new Finding("BLAS", Health.Slow, $"{path}, the reference BLAS, many times slower than OpenBLAS", BlasAdvice);
        }

        string chosen = Environment.GetEnvironmentVariable("OPENBLAS_CORETYPE") is { } type ? $"OPENBLAS_CORETYPE={type}" : "its own choice";
        return new Finding("BLAS", Health.Good, kernels is null ? path : $"{path}, OpenBLAS with {kernels} kernels ({chosen})");
    }
}
