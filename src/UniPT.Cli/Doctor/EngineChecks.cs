using UniPT.Torch;

namespace UniPT.Cli.Doctor;

/// <summary>TorchSharp and the libtorch below it.</summary>
internal static class EngineChecks
{
    /// <summary>Loads libtorch and says what it runs on.</summary>
    internal static IEnumerable<Finding> Run()
    {
        try
        {
            TorchLibrary.EnsureLoaded();
        }
        catch (UserException error)
        {
            return [new Finding("libtorch", Health.Missing, error.Message)];
        }

        string adapted = TorchLibrary.Copy is { } copy ? $", adapted to this system's older C++ library as {copy}" : "";
        return
        [
            new Finding("TorchSharp", Health.Good, $"{typeof(torch).Assembly.GetName().Version}, {TorchLibrary.Source ?? "found by .NET"}{adapted}"),
            new Finding("libtorch", Health.Good, $"{TorchRuntime.Version}, {LoadedLibrary.Find("libtorch_cpu.", "torch_cpu.") ?? "linked in"}"),
            Cuda(),
            BFloat16(),
            Memory(),
            new Finding("threads", Health.Good, $"{TorchRuntime.DefaultThreads} (set with OMP_NUM_THREADS or a recipe's threads)"),
        ];
    }

    private static Finding Cuda() => TorchRuntime.CudaAvailable
        ? new Finding("CUDA", Health.Good, "available (--device cuda)")
        : new Finding("CUDA", Health.Good, "not available, everything runs on the CPU", "for a GPU, replace the package libtorch-cpu by one of libtorch-cuda");

    private static Finding BFloat16() => new(
        "bfloat16",
        Health.Good,
        Machine.HasFastBFloat16() ? "fast on this processor (precision: auto takes it for frozen backbones)" : "slow on this processor (precision: auto stays with float32)");

    private static Finding Memory() => TensorMemory.Available
        ? new Finding("memory of tensors", Health.Good, "measured to the byte")
        : new Finding("memory of tensors", Health.Slow, "not measured: libtorch on this system does not let itself be observed");
}
