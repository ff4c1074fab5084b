using UniPT.Torch.Native;

namespace UniPT.Torch;

public sealed unsafe partial class Tensor
{
    private const int MaxDimensions = 16;

    /// <summary>The size of every dimension; empty for a scalar. Do not change the array.</summary>
    public long[] Shape => _shape ??= ReadShape();

    /// <summary>Number of dimensions.</summary>
    public int Dimensions => Shape.Length;

    /// <summary>Element type.</summary>
    public ScalarType Type => (ScalarType)Info.Type;

    /// <summary>Number of elements.</summary>
    public long ElementCount => Info.Elements;

    /// <summary>Bytes of the elements; a view counts what it shows, not what it shares.</summary>
    public long ByteCount => Info.Bytes;

    /// <summary>Whether the elements lie in row-major order without gaps.</summary>
    public bool IsContiguous => Info.Contiguous != 0;

    /// <summary>The device, <c>cpu</c> or <c>cuda:N</c>.</summary>
    public string Device => Info is { DeviceType: 0 } ? "cpu" : $"cuda:{Info.DeviceIndex}";

    /// <summary>Identifies the memory that views share; used to count it once.</summary>
    internal long StorageId => Info.Storage;

    private TensorInfo Info
    {
        get
        {
            Bridge.Check(Bridge.unipt_tensor_info(Handle, out TensorInfo info, null, 0));
            return info;
        }
    }

    /// <summary>The size of a dimension; negative numbers count from the end.</summary>
    public long Size(int dimension) => Shape[dimension < 0 ? dimension + Shape.Length : dimension];

    private long[] ReadShape()
    {
        long* sizes = stackalloc long[MaxDimensions];
        Bridge.Check(Bridge.unipt_tensor_info(Handle, out TensorInfo info, sizes, MaxDimensions));
        return new ReadOnlySpan<long>(sizes, info.Dimensions).ToArray();
    }
}
