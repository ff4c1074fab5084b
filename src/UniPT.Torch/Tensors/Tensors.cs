using System.Runtime.InteropServices;

namespace UniPT.Torch;

/// <summary>What TorchSharp's tensors lack: values in and out in one copy, a product that checks, and bytes.</summary>
public static class Tensors
{
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

        Tensor tensor = torch.empty(shape, dtype: ScalarTypes.Of<T>(), device: CPU);
        MemoryMarshal.AsBytes(data).CopyTo(Bytes(tensor));
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

    /// <summary>Bytes of the elements; a view has those that it shows.</summary>
    public static long ByteCount(this Tensor tensor) => tensor.numel() * tensor.element_size();

    /// <summary>
    /// The matrix product of <c>torch.matmul</c>. TorchSharp's own ends the process when shapes do not fit; this one throws, and
    /// calls only products whose native side is guarded.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not fit; the message has both.</exception>
    public static Tensor MatMul(this Tensor left, Tensor right)
    {
        (long leftDimensions, long rightDimensions) = (left.ndim, right.ndim);
        if (leftDimensions == 0 || rightDimensions == 0 || left.size(-1) != right.size(rightDimensions == 1 ? 0 : -2))
        {
            throw Mismatch(left, right);
        }

        if (leftDimensions == 2 && rightDimensions == 2)
        {
            return left.mm(right);
        }

        using DisposeScope scope = torch.NewDisposeScope();
        if (leftDimensions == 1)
        {
            return scope.MoveToOuter(left.unsqueeze(0).MatMul(right).squeeze(-2));
        }

        if (rightDimensions == 1)
        {
            return scope.MoveToOuter(left.MatMul(right.unsqueeze(1)).squeeze(-1));
        }

        if (rightDimensions == 2)
        {
            long[] shape = left.shape;
            return scope.MoveToOuter(left.reshape(-1, shape[^1]).mm(right).view([.. shape[..^1], right.size(1)]));
        }

        return scope.MoveToOuter(Batched(left, right));
    }

    /// <summary>Maps <c>[B, C, H, W]</c> with the channels of a pixel side by side in memory, copied only if needed.</summary>
    public static Tensor ChannelsLast(this Tensor maps)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(maps.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2));
    }

    /// <summary>Moves tensors to the enclosing scope, so that they outlive this one; those that another scope owns stay there.</summary>
    public static IReadOnlyList<Tensor> MoveAllToOuter(this DisposeScope scope, IReadOnlyList<Tensor> tensors)
    {
        scope.MoveToOuter(tensors);
        return tensors;
    }

    /// <summary>Puts other values, of another type or device too, behind the same object, for everybody who holds it.</summary>
    internal static void Become(this Tensor tensor, Tensor other)
    {
        using IDisposable unrecorded = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        bool trained = tensor.requires_grad;
        Tensor taken = other.detach().requires_grad_(trained);
        (Handle(tensor), Handle(taken)) = (Handle(taken), Handle(tensor));
    }

    private static Tensor Batched(Tensor left, Tensor right)
    {
        (long[] leftShape, long[] rightShape) = (left.shape, right.shape);
        int batch = Math.Max(leftShape.Length, rightShape.Length) - 2;
        var sizes = new long[batch];
        for (int i = 1; i <= batch; i++)
        {
            long first = i + 2 <= leftShape.Length ? leftShape[^(i + 2)] : 1;
            long second = i + 2 <= rightShape.Length ? rightShape[^(i + 2)] : 1;
            if (first != second && first != 1 && second != 1)
            {
                throw Mismatch(left, right);
            }

            sizes[^i] = first == 1 ? second : first;
        }

        Tensor Flat(Tensor tensor, long[] shape) => tensor.expand([.. sizes, shape[^2], shape[^1]]).reshape(-1, shape[^2], shape[^1]);
        return Flat(left, leftShape).bmm(Flat(right, rightShape)).view([.. sizes, leftShape[^2], rightShape[^1]]);
    }

    private static ArgumentException Mismatch(Tensor left, Tensor right) => new(
        $"a product of [{string.Join(", ", left.shape)}] and [{string.Join(", ", right.shape)}] does not exist: the sizes do not fit");

    private static void CopyTo(Tensor tensor, Span<byte> target)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Bytes(tensor.detach().to(CPU).contiguous()).CopyTo(target);
    }

    private static Span<byte> Bytes(Tensor tensor) => tensor.numel() == 0 ? [] : tensor.bytes;

    // TorchSharp replaces the parameters of a module that moves, as PyTorch did long ago, so that optimizers and whoever else
    // holds them go on with the old ones. Exchanging what stands behind the object is what PyTorch does today.
    [System.Runtime.CompilerServices.UnsafeAccessor(System.Runtime.CompilerServices.UnsafeAccessorKind.Field, Name = "handle")]
    private static extern ref nint Handle(Tensor tensor);
}
