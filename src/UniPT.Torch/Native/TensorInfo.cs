using System.Runtime.InteropServices;

namespace UniPT.Torch.Native;

/// <summary>Metadata of a tensor; mirrors <c>TensorInfo</c> in <c>native/tensor.cpp</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TensorInfo
{
    internal int Type;
    internal int Dimensions;
    internal int DeviceType;
    internal int DeviceIndex;
    internal int Contiguous;
    internal int RequiresGrad;
    internal long Elements;
    internal long Bytes;
    internal long Storage;
}
