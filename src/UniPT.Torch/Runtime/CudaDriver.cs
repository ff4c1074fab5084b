using System.Runtime.InteropServices;

namespace UniPT.Torch;

/// <summary>What NVIDIA's driver says of a device, which TorchSharp does not pass on.</summary>
internal static unsafe class CudaDriver
{
    private const int ComputeCapabilityMajor = 75;

    /// <summary>The first number of a device's compute capability, such as 8 for Ampere; null without driver or device.</summary>
    internal static int? ComputeCapability(int device)
    {
        int handle = 0;
        int major = 0;
        return NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", out nint driver)
            && NativeLibrary.TryGetExport(driver, "cuInit", out nint initialize)
            && NativeLibrary.TryGetExport(driver, "cuDeviceGet", out nint get)
            && NativeLibrary.TryGetExport(driver, "cuDeviceGetAttribute", out nint getAttribute)
            && ((delegate* unmanaged<uint, int>)initialize)(0) == 0
            && ((delegate* unmanaged<int*, int, int>)get)(&handle, device) == 0
            && ((delegate* unmanaged<int*, int, int, int>)getAttribute)(&major, ComputeCapabilityMajor, handle) == 0
            ? major
            : null;
    }
}
