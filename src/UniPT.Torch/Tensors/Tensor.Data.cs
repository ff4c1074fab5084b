using UniPT.Torch.Native;

namespace UniPT.Torch;

public sealed unsafe partial class Tensor
{
    /// <summary>A tensor on the CPU with a copy of <paramref name="data"/> in row-major order.</summary>
    /// <exception cref="ArgumentException">The number of elements does not fit the shape.</exception>
    public static Tensor From<T>(ReadOnlySpan<T> data, params long[] shape) where T : unmanaged
    {
        long elements = 1;
        foreach (long size in shape)
        {
            elements = checked(elements * size);
        }

        if (elements != data.Length)
        {
            throw new ArgumentException($"{data.Length} elements do not fill the shape [{string.Join(", ", shape)}]");
        }

        fixed (T* pointer = data)
        fixed (long* sizes = shape)
        {
            Bridge.Check(Bridge.unipt_tensor_from_bytes(
                pointer, (long)data.Length * sizeof(T), sizes, shape.Length, (int)ScalarTypes.Of<T>(), out nint handle));
            return Adopt(handle);
        }
    }

    /// <summary>As <see cref="From{T}(ReadOnlySpan{T}, long[])"/>, from an array.</summary>
    public static Tensor From<T>(T[] data, params long[] shape) where T : unmanaged =>
        Tensors.From((ReadOnlySpan<T>)data, shape.Length == 0 ? [data.Length] : shape);

    /// <summary>A scalar tensor.</summary>
    public static Tensor Scalar(double value, ScalarType type = ScalarType.Float32) => torch.full([], value, dtype: type);

    /// <summary>The elements in row-major order, copied from whichever device they are on.</summary>
    /// <exception cref="InvalidOperationException">The element type is not <typeparamref name="T"/>.</exception>
    public T[] ToArray<T>() where T : unmanaged
    {
        var result = new T[ElementCount];
        CopyTo(result.AsSpan());
        return result;
    }

    /// <summary>Copies the elements in row-major order into memory of exactly their number.</summary>
    public void CopyTo<T>(Span<T> target) where T : unmanaged
    {
        if (Type != ScalarTypes.Of<T>())
        {
            throw new InvalidOperationException($"the tensor holds {Type}, not {typeof(T).Name}");
        }

        fixed (T* pointer = target)
        {
            Bridge.Check(Bridge.unipt_tensor_to_bytes(Handle, pointer, (long)target.Length * sizeof(T)));
        }
    }

    /// <summary>The elements' bytes in row-major order, whatever their type.</summary>
    public byte[] ToBytes()
    {
        var result = new byte[ByteCount];
        fixed (byte* pointer = result)
        {
            Bridge.Check(Bridge.unipt_tensor_to_bytes(Handle, pointer, result.Length));
        }

        return result;
    }

    /// <summary>The only element of a tensor with one element, as a number.</summary>
    public double Item()
    {
        if (ElementCount != 1)
        {
            throw new InvalidOperationException($"{this} has not exactly one element");
        }

        using DisposeScope scope = torch.NewDisposeScope();
        return to(ScalarType.Float64).ToArray<double>()[0];
    }
}
