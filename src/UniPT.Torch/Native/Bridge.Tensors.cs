using System.Runtime.InteropServices;

namespace UniPT.Torch.Native;

internal static unsafe partial class Bridge
{
    [LibraryImport(Library)]
    internal static partial void unipt_tensor_release(nint handle);

    [LibraryImport(Library)]
    internal static partial long unipt_tensor_live_handles();

    [LibraryImport(Library)]
    internal static partial int unipt_tensor_info(nint handle, out TensorInfo info, long* sizes, int capacity);

    [LibraryImport(Library)]
    internal static partial int unipt_tensor_from_bytes(
        void* data, long bytes, long* sizes, int dimensions, int type, out nint result);

    [LibraryImport(Library)]
    internal static partial int unipt_tensor_to_bytes(nint handle, void* data, long bytes);

    [LibraryImport(Library)]
    internal static partial int unipt_tensor_from_memory(
        void* data, long* sizes, int dimensions, int type, delegate* unmanaged<nint, void> release, nint context, out nint result);
}
