namespace UniPT.Torch;

/// <summary>
/// Owns the tensors that are made while it is the innermost open scope, and frees them when it is closed. Scopes
/// nest, and follow the logical flow: after an <c>await</c> the same scope is current, whatever the thread.
/// </summary>
public sealed class TensorScope : IDisposable
{
    private static readonly AsyncLocal<DisposeScope?> Innermost = new();
    private readonly List<Tensor> _tensors = [];
    private readonly DisposeScope? _parent;
    private bool _closed;

    private TensorScope(DisposeScope? parent) => _parent = parent;

    /// <summary>The innermost open scope of this logical flow, or null.</summary>
    public static DisposeScope? Current => Innermost.Value;

    /// <summary>Tensors that the scope owns at the moment.</summary>
    public int Count => _tensors.Count;

    /// <summary>Opens a scope inside the current one.</summary>
    public static DisposeScope Begin()
    {
        DisposeScope scope = new DisposeScope(Innermost.Value);
        Innermost.Value = scope;
        return scope;
    }

    /// <summary>
    /// Gives a tensor of this scope to the enclosing one, so that it outlives this scope. Without an enclosing
    /// scope the caller owns it. A tensor that another scope owns stays there.
    /// </summary>
    public Tensor HandOut(Tensor tensor)
    {
        if (tensor.Scope == this)
        {
            Remove(tensor);
            _parent?.Add(tensor);
        }

        return tensor;
    }

    /// <summary>Hands several tensors out.</summary>
    public IReadOnlyList<Tensor> HandOut(IReadOnlyList<Tensor> tensors)
    {
        foreach (Tensor tensor in tensors)
        {
            MoveToOuter(tensor);
        }

        return tensors;
    }

    /// <summary>Frees the scope's tensors and makes the enclosing scope current.</summary>
    /// <exception cref="InvalidOperationException">A scope inside this one is still open.</exception>
    public void Dispose()
    {
        if (_closed)
        {
            return;
        }

        if (Innermost.Value != this)
        {
            throw new InvalidOperationException("Tensor scopes are closed in the reverse order of their opening; one inside this is still open.");
        }

        _closed = true;
        Innermost.Value = _parent;
        for (int i = _tensors.Count - 1; i >= 0; i--)
        {
            Tensor tensor = _tensors[i];
            tensor.Scope = null;
            tensor.Dispose();
        }

        _tensors.Clear();
    }

    internal void Add(Tensor tensor)
    {
        tensor.Scope = this;
        tensor.ScopeIndex = _tensors.Count;
        _tensors.Add(tensor);
    }

    internal void Remove(Tensor tensor)
    {
        Tensor last = _tensors[^1];
        _tensors[tensor.ScopeIndex] = last;
        last.ScopeIndex = tensor.ScopeIndex;
        _tensors.RemoveAt(_tensors.Count - 1);
        tensor.Scope = null;
    }
}
