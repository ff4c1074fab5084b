using System.Runtime.InteropServices;

namespace UniPT.Torch.Native;

/// <summary>Functions that TorchSharp's native library exports and its managed side does not offer.</summary>
internal static unsafe partial class TorchSharpCalls
{
    private const string Library = "LibTorchSharp";

    /// <summary>A tensor over memory of somebody else, who is told by <paramref name="release"/> when it is no longer needed.</summary>
    /// <returns>The handle for <see cref="torch.Tensor.UnsafeCreateTensor"/>; 0 on an error, which <see cref="torch.CheckForErrors"/> throws.</returns>
    [LibraryImport(Library, EntryPoint = "THSTensor_new")]
    internal static partial nint NewTensor(
        void* data,
        delegate* unmanaged<void*, void> release,
        long* sizes,
        int dimensions,
        sbyte storedType,
        sbyte type,
        int deviceType,
        int deviceIndex,
        byte requiresGrad);

    /// <summary>The address of a tensor's first element.</summary>
    [LibraryImport(Library, EntryPoint = "THSTensor_data")]
    internal static partial void* Data(nint tensor);
}
