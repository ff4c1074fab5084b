using UniPT.Torch;

namespace UniPT.Training.Recipes;

/// <summary>Where a run's tensors live.</summary>
public enum DeviceKind
{
    /// <summary>The processor.</summary>
    Cpu,

    /// <summary>The first visible NVIDIA GPU.</summary>
    Cuda,
}

/// <summary>What tensors need to know of devices.</summary>
public static class DeviceKinds
{
    /// <summary>As tensors take it: <c>cpu</c> or <c>cuda:0</c>.</summary>
    public static string Name(this DeviceKind device) => device == DeviceKind.Cuda ? "cuda:0" : "cpu";

    /// <exception cref="UserException">The device is not there.</exception>
    internal static void Require(this DeviceKind device)
    {
        if (device == DeviceKind.Cuda && !TorchRuntime.CudaAvailable)
        {
            throw new UserException($"device is cuda, but libtorch {TorchRuntime.Version} has no CUDA or finds no GPU; replace the package libtorch-cpu by one of libtorch-cuda, or take device cpu.");
        }
    }
}
