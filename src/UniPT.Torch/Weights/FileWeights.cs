namespace UniPT.Torch;

/// <summary>Parameters of a checkpoint, as float: straight from the file's pages where they are stored so.</summary>
internal sealed class FileWeights(SafetensorsFile file, bool trainable, string device) : IWeightSource
{
    public bool Trainable => trainable;

    public bool Contains(string name) => file.Entries.ContainsKey(name);

    public Tensor Take(string name, long[] shape, Initializer initializer)
    {
        if (!Contains(name))
        {
            throw new UserException($"{file.Path} does not fit the model: it lacks {name}, it has {StateCheck.List([.. file.Entries.Keys])}.");
        }

        Tensor stored = file.Read(name);
        StateCheck.SameShape(name, shape, stored.Shape, file.Path);
        Tensor converted = stored.To(ScalarType.Float32).To(device);

        // The file's pages are read-only.
        return trainable && converted.StorageId == stored.StorageId ? converted.Clone() : converted;
    }

    public void EnsureAllUsed(IEnumerable<string> used)
    {
        string[] unused = [.. file.Entries.Keys.Except(used)];
        if (unused.Length > 0)
        {
            throw new UserException($"{file.Path} does not fit the model: it has the unexpected {StateCheck.List(unused)}.");
        }
    }

    public void Dispose() => file.Dispose();
}
