using System.Runtime.InteropServices;
using UniPT.Torch.Native;

namespace UniPT.Torch;

/// <summary>The values of tensors, in and out in one copy.</summary>
public static unsafe class TensorData
{
    // A span holds at most 2 GiB; whole pages are written fastest.
    private const int PieceBytes = 1 << 30;

    /// <summary>Takes a piece of a tensor's bytes.</summary>
    public delegate void BytesWriter(ReadOnlySpan<byte> piece);

    /// <summary>A tensor on the CPU with a copy of <paramref name="data"/> in row-major order, in memory that libtorch counts.</summary>
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

        Tensor tensor = TorchErrors.Explain(() => torch.empty(shape, dtype: ScalarTypes.Of<T>(), device: CPU));
        if (elements > 0)
        {
            fixed (T* source = data)
            {
                long bytes = elements * sizeof(T);
                Buffer.MemoryCopy(source, (void*)TorchSharpCalls.Data(tensor.Handle), bytes, bytes);
            }
        }

        return tensor;
    }

    /// <summary>As <see cref="From{T}(ReadOnlySpan{T}, long[])"/>, from an array; without a shape it has one dimension.</summary>
    public static Tensor From<T>(T[] data, params long[] shape) where T : unmanaged =>
        From((ReadOnlySpan<T>)data, shape.Length == 0 ? [data.Length] : shape);

    /// <summary>The elements in row-major order, copied from whichever device they are on.</summary>
    /// <exception cref="InvalidOperationException">The element type is not <typeparamref name="T"/>.</exception>
    public static T[] ToArray<T>(this Tensor tensor) where T : unmanaged
    {
        if (tensor.dtype != ScalarTypes.Of<T>())
        {
            throw new InvalidOperationException($"the tensor holds {tensor.dtype}, not {typeof(T).Name}");
        }

        var result = new T[tensor.numel()];
        CopyTo(tensor, MemoryMarshal.AsBytes(result.AsSpan()));
        return result;
    }

    /// <summary>The elements' bytes in row-major order, whatever their type.</summary>
    public static byte[] ToBytes(this Tensor tensor)
    {
        var result = new byte[tensor.ByteCount()];
        CopyTo(tensor, result);
        return result;
    }

    /// <summary>The only element of a tensor with one element, as a number.</summary>
    /// <exception cref="InvalidOperationException">It has not exactly one.</exception>
    public static double Item(this Tensor tensor)
    {
        if (tensor.numel() != 1)
        {
            throw new InvalidOperationException($"a tensor of {tensor.numel()} elements is no number");
        }

        using DisposeScope scope = torch.NewDisposeScope();
        return tensor.to(ScalarType.Float64).ToArray<double>()[0];
    }

    /// <summary>Bytes of the elements; a view has those that it shows.</summary>
    public static long ByteCount(this Tensor tensor) => tensor.numel() * tensor.element_size();

    /// <summary>
    /// Hands the bytes over in order, in pieces of at most 1 GiB. They are copied only if the tensor is on another device or not
    /// contiguous.
    /// </summary>
    public static void WriteTo(Tensor tensor, BytesWriter write)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        Tensor plain = tensor.detach().to(CPU).contiguous();
        long count = plain.ByteCount();
        byte* data = count == 0 ? null : (byte*)TorchSharpCalls.Data(plain.Handle);
        for (long done = 0; done < count; done += PieceBytes)
        {
            write(new ReadOnlySpan<byte>(data + done, (int)Math.Min(PieceBytes, count - done)));
        }
    }

    private static void CopyTo(Tensor tensor, Span<byte> target)
    {
        int done = 0;
        fixed (byte* start = target)
        {
            // A span cannot be captured.
            byte* to = start;
            int length = target.Length;
            WriteTo(tensor, piece =>
            {
                piece.CopyTo(new Span<byte>(to + done, length - done));
                done += piece.Length;
            });
        }
    }
}
