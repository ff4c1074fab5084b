using UniPT.Torch.Native;

namespace UniPT.Torch;

/// <summary>
/// A libtorch tensor. It belongs to the <see cref="TensorScope"/> in which it was made and is freed with it, unless
/// <see cref="TensorScope.HandOut(Tensor)"/> moves it outwards or <see cref="Keep"/> gives it to the caller. Methods carry
/// PyTorch's names and meanings; those ending in an underscore change the tensor in place.
/// </summary>
public sealed partial class Tensor : IDisposable
{
    private nint _handle;
    private long[]? _shape;

    private Tensor(nint handle) => _handle = handle;

    /// <summary>The scope that frees this tensor; null once <see cref="Keep"/> was called.</summary>
    internal DisposeScope? Scope { get; set; }

    /// <summary>The place in the scope's list.</summary>
    internal int ScopeIndex { get; set; }

    /// <summary>The native tensor; never null.</summary>
    /// <exception cref="ObjectDisposedException">The tensor or its scope was disposed.</exception>
    internal nint Handle => _handle != 0
        ? _handle
        : throw new ObjectDisposedException(nameof(Tensor), "The tensor was disposed, or the scope that owned it was closed.");

    /// <summary>Whether the native tensor was freed.</summary>
    public bool IsDisposed => _handle == 0;

    /// <summary>Tensors that this process holds at the moment, in any scope; tests count them to find leaks.</summary>
    public static long LiveCount => Bridge.unipt_tensor_live_handles();

    private bool IsOwnedByCurrentScope => Scope is not null && Scope == TensorScope.Current;

    /// <summary>Takes over a native handle and registers it in the current scope.</summary>
    internal static Tensor Adopt(nint handle)
    {
        var tensor = new Tensor(handle);
        DisposeScope? scope = TensorScope.Current;
        if (scope is null)
        {
            tensor.Dispose();
            throw new InvalidOperationException("No TensorScope is open: write `using var scope = TensorScope.Begin();` around tensor code.");
        }

        scope.Add(tensor);
        return tensor;
    }

    /// <summary>Takes the tensor out of its scope: from now on the caller disposes it.</summary>
    public Tensor Keep()
    {
        Scope?.Remove(this);
        return this;
    }

    /// <summary>Stands for another native tensor from now on, for everybody who holds this object; the former one is freed.</summary>
    internal void Become(Tensor other)
    {
        nint taken = other.ReleaseHandle();
        Bridge.unipt_tensor_release(Interlocked.Exchange(ref _handle, taken));
        _shape = null;
    }

    /// <summary>Gives the native handle, with its reference, to the bridge; a second handle if this one is shared.</summary>
    internal nint ReleaseHandle()
    {
        Tensor alias = IsOwnedByCurrentScope ? this : alias();
        alias.DetachFromDisposeScope();
        return Interlocked.Exchange(ref alias._handle, 0);
    }

    /// <summary>Frees the tensor now; its storage goes when no other tensor and no recorded graph uses it.</summary>
    public void Dispose()
    {
        Scope?.Remove(this);
        nint handle = Interlocked.Exchange(ref _handle, 0);
        if (handle != 0)
        {
            Bridge.unipt_tensor_release(handle);
        }
    }

    /// <summary>Element type and shape, such as <c>Float32[2, 3]</c>.</summary>
    public override string ToString() => IsDisposed ? "disposed" : $"{Type}[{string.Join(", ", Shape)}]";
}
