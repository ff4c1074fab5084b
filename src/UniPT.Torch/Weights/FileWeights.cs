namespace UniPT.Torch;

/// <summary>Parameters of a checkpoint, as float: straight from the file's pages where they are stored so.</summary>
internal sealed class FileWeights(TensorFile file, bool trainable, Device device) : IWeightSource
{
    public bool Trainable => trainable;

    public string? Path => file.Path;

    public bool Contains(string name) => file.Entries.ContainsKey(name);

    public long[] Shape(string name) => file.Entries.GetValueOrDefault(name)?.Shape
        ?? throw new UserException($"{file.Path} does not fit the model: it lacks {name}, it has {StateCheck.List([.. file.Entries.Keys])}.");

    public Tensor Take(string name, long[] shape, Initializer initializer)
    {
        StateCheck.SameShape(name, shape, Shape(name), file.Path);
        Tensor stored = file.Read(name);
        Tensor converted = stored.to(ScalarType.Float32).contiguous().to(device);
        RequireFinite(name, converted);

        // The file's pages are read-only.
        return trainable && stored.dtype == ScalarType.Float32 && stored.is_contiguous() && device.type == DeviceType.CPU ? converted.clone() : converted;
    }

    public void EnsureAllUsed(Func<string, bool> used)
    {
        string[] unused = [.. file.Entries.Keys.Where(name => !used(name))];
        if (unused.Length > 0)
        {
            throw new UserException($"{file.Path} does not fit the model: it has the unexpected {StateCheck.List(unused)}.");
        }
    }

    public void Dispose() => file.Dispose();

    /// <summary>One pass over the memory; a sum may also overflow, so that only then each value is looked at.</summary>
    private void RequireFinite(string name, Tensor tensor)
    {
        if (!double.IsFinite(tensor.sum().Item()) && tensor.isfinite().all().Item() == 0)
        {
            throw new UserException($"{file.Path} is damaged: the tensor {name} has values that are infinite or no numbers (NaN).");
        }
    }
}
