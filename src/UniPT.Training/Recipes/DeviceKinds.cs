using UniPT.Torch;

namespace UniPT.Training.Recipes;

/// <summary>What tensors need to know of devices.</summary>
internal static class DeviceKinds
{
    /// <exception cref="UserException">The device is not there.</exception>
    internal static void Require(this DeviceKind device)
    {
        if (device == DeviceKind.Cuda && !TorchRuntime.CudaAvailable)
        {
            throw new UserException($"device is cuda, but libtorch {TorchRuntime.Version} has no CUDA or finds no GPU; replace the package libtorch-cpu by one of libtorch-cuda, or take device cpu.");
        }
    }

    /// <summary>As tensors take it.</summary>
    internal static string Name(this DeviceKind device) => device == DeviceKind.Cuda ? "cuda:0" : "cpu";
}
