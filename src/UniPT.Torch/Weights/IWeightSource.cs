namespace UniPT.Torch;

/// <summary>Where a store's tensors come from.</summary>
internal interface IWeightSource : IDisposable
{
    /// <summary>Whether what it gives is to be trained.</summary>
    bool Trainable { get; }

    /// <summary>The file; null where there is none.</summary>
    string? Path { get; }

    bool Contains(string name);

    /// <summary>The shape of a stored tensor.</summary>
    long[] Shape(string name);

    /// <summary>The tensor of that name and shape, in the current scope.</summary>
    Tensor Take(string name, long[] shape, Initializer initializer);

    void EnsureAllUsed(Func<string, bool> used);
}
