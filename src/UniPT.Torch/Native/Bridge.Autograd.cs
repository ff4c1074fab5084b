using System.Runtime.InteropServices;

namespace UniPT.Torch.Native;

internal static unsafe partial class Bridge
{
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void unipt_set_last_error(string message);

    [LibraryImport(Library)]
    internal static partial int unipt_grad_enabled();

    [LibraryImport(Library)]
    internal static partial void unipt_grad_set_enabled(int enabled);

    [LibraryImport(Library)]
    internal static partial int unipt_inference_enter(out nint guard);

    [LibraryImport(Library)]
    internal static partial void unipt_inference_leave(nint guard);

    [LibraryImport(Library)]
    internal static partial int unipt_tensor_set_requires_grad(nint handle, int value);

    [LibraryImport(Library)]
    internal static partial int unipt_tensor_grad(nint handle, out nint result);

    [LibraryImport(Library)]
    internal static partial int unipt_tensor_set_grad(nint handle, nint gradient);

    [LibraryImport(Library)]
    internal static partial int unipt_backward(nint* outputs, nint* gradients, int count);

    [LibraryImport(Library)]
    internal static partial int unipt_gradients(
        nint* outputs, nint* gradients, int count, nint* inputs, int inputCount, nint* results);

    [LibraryImport(Library)]
    internal static partial int unipt_attach_node(
        nint* inputs,
        int inputCount,
        nint* outputs,
        int outputCount,
        delegate* unmanaged<nint, nint*, int, nint*, int, int> callback,
        delegate* unmanaged<nint, void> release,
        nint context);
}
