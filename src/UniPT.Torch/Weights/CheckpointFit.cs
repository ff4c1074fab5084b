namespace UniPT.Torch;

/// <summary>How a checkpoint and a model fit: everything that is wrong, where loading ends with the first.</summary>
public sealed class CheckpointFit
{
    private const int Listed = 5;
    private readonly List<string> _missing = [];
    private readonly List<string> _reshaped = [];
    private string[] _unexpected = [];
    private string? _path;
    private string[] _all = [];
    private bool _complete;

    private CheckpointFit()
    {
    }

    /// <summary>Whether every tensor has its place, and every place its tensor.</summary>
    public bool Fits => _missing.Count + _reshaped.Count + _unexpected.Length == 0;

    /// <summary>The names of the checkpoint's tensors.</summary>
    public IReadOnlyList<string> Names => _all;

    /// <summary>Builds a model on the meta device, in no memory, with the shapes of the checkpoint where they fit and those that the model needs where they do not.</summary>
    /// <param name="path">The checkpoint, as <see cref="TensorFile.Open"/> takes it.</param>
    /// <param name="build">Builds the model.</param>
    /// <exception cref="UserException">The checkpoint is missing or broken.</exception>
    public static CheckpointFit Of(string path, Action<Weights> build)
    {
        var fit = new CheckpointFit();
        using TensorFile file = TensorFile.Open(path);
        (fit._path, fit._all) = (file.Path, [.. file.Entries.Keys]);
        var weights = new Weights(new WeightStore(new Surveyed(file, fit)), "");
        using WeightStore store = weights.Store;
        try
        {
            build(weights);
            store.EnsureAllUsed();
            fit._complete = true;
        }
        catch (Exception)
        {
            // Where a missing tensor tells the model's sizes, or a value is read, it ends here; what was found until then is true.
        }

        return fit;
    }

    /// <summary>What is wrong, in a sentence without its end.</summary>
    /// <param name="model">What the checkpoint should be of, such as <c>bert</c>.</param>
    public string Describe(string model)
    {
        string[] parts =
        [
            .. _missing.Count > 0 ? [$"lacks {First(_missing, ", ", "tensors")}"] : Array.Empty<string>(),
            .. _reshaped.Count > 0 ? [$"has other shapes: {First(_reshaped, "; ", "tensors")}"] : Array.Empty<string>(),
            .. _unexpected.Length > 0 ? [$"has the unexpected {StateCheck.List(_unexpected)}"] : Array.Empty<string>(),
            .. _complete ? Array.Empty<string>() : [$"has {StateCheck.List(_all)}"],
        ];
        return $"{_path} does not fit {model}: it {string.Join(" and ", parts)}";
    }

    private static string First(List<string> items, string separator, string what) =>
        string.Join(separator, items.Take(Listed)) + (items.Count > Listed ? $" and {items.Count - Listed} more {what}" : "");

    private sealed class Surveyed(TensorFile file, CheckpointFit fit) : IWeightSource
    {
        private static readonly Device Meta = new(DeviceType.META);

        public bool Trainable => false;

        public string? Path => file.Path;

        public bool Contains(string name) => file.Entries.ContainsKey(name);

        public long[] Shape(string name)
        {
            if (file.Entries.TryGetValue(name, out TensorEntry? entry))
            {
                return entry.Shape;
            }

            fit._missing.Add(name);
            throw new UserException($"{Path} lacks {name}.");
        }

        public Tensor Take(string name, long[] shape, Initializer initializer)
        {
            if (!file.Entries.TryGetValue(name, out TensorEntry? entry))
            {
                fit._missing.Add(name);
            }
            else if (!entry.Shape.AsSpan().SequenceEqual(shape))
            {
                fit._reshaped.Add($"{name} has the shape [{string.Join(", ", entry.Shape)}], the model needs [{string.Join(", ", shape)}]");
            }

            return torch.empty(shape, device: Meta);
        }

        public void EnsureAllUsed(Func<string, bool> used) => fit._unexpected = [.. file.Entries.Keys.Where(name => !used(name))];

        public void Dispose()
        {
        }
    }
}
