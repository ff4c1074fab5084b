namespace UniPT.Torch;

/// <summary>
/// The tensors of one model part: read from a checkpoint or freshly initialised. It owns them, knows them by name,
/// and frees them when disposed.
/// </summary>
public sealed class WeightStore : IDisposable
{
    private const string WeightsAdvice = "the weights need it: free memory, or take a smaller model";
    private readonly IWeightSource _source;
    private readonly Dictionary<string, Parameter> _parameters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Tensor> _buffers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Tensor> _originals = new(StringComparer.Ordinal);
    private readonly HashSet<string> _excluded = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _aliases = new(StringComparer.Ordinal);
    private readonly List<string> _ignored = [];
    private readonly List<Weights> _norms = [];
    private readonly List<(Weights Place, Initializer Start)> _linearStarts = [];
    private readonly List<(Weights Place, IPlacedModule Module)> _modules = [];

    internal WeightStore(IWeightSource source)
    {
        // Before the first of its tensors: what is not seen made is not counted, and libtorch complains when it is freed.
        TensorMemory.Watch();
        _source = source;
    }

    /// <summary>
    /// The tensors of a TorchSharp module of the user's own, to be read, counted and compared: they are the module's, which goes on
    /// owning them.
    /// </summary>
    /// <param name="module">The module.</param>
    /// <param name="owned">What <see cref="Dispose"/> frees; null for nothing.</param>
    public static WeightStore Of(nn.Module module, IDisposable? owned = null) => new(new ModuleWeights(module, owned));

    /// <summary>Whether the tensors are those of a module of the user's own, which nothing here trains, changes or frees.</summary>
    public bool IsBorrowed => Borrowed is not null;

    /// <summary>What <see cref="train"/> set last; new modules begin so.</summary>
    public bool Training { get; private set; }

    /// <summary>
    /// Whether a network of these weights goes into training mode with what trains beside it, although it is frozen itself: its dropout acts, and batch norms may take
    /// the statistics of the batch. Set before the network is built.
    /// </summary>
    public bool FollowsTraining { get; set; }

    /// <summary>The place of the whole store.</summary>
    public Weights Root => new(this, "");

    /// <summary>The checkpoint's file; null for fresh weights.</summary>
    public string? Path => _source.Path;

    /// <summary>Parameters in the order in which modules asked for them.</summary>
    public IReadOnlyDictionary<string, Parameter> Parameters => Borrowed?.Parameters ?? _parameters;

    /// <summary>Tensors that are part of the state but never trained, such as running statistics.</summary>
    public IReadOnlyDictionary<string, Tensor> Buffers => Borrowed?.Buffers ?? _buffers;

    /// <summary>The parameters that train; none of a borrowed module's, whether they require gradients or not.</summary>
    public IEnumerable<KeyValuePair<string, Parameter>> Trainable => IsBorrowed ? [] : _parameters.Where(pair => pair.Value.requires_grad);

    /// <summary>The places of all layers that normalise tokens.</summary>
    public IReadOnlyList<Weights> Norms => _norms;

    /// <summary>Number of elements of all parameters.</summary>
    public long ParameterCount => Parameters.Values.Sum(tensor => tensor.numel());

    /// <summary>Bytes of parameters and buffers.</summary>
    public long ByteCount => All.Sum(pair => pair.Value.ByteCount());

    /// <summary>Where the first of its tensors is; the CPU where there is none.</summary>
    public Device Device => All.Select(pair => pair.Value).FirstOrDefault()?.device ?? CPU;

    /// <summary>The modules that were built from this store, with their places.</summary>
    internal IReadOnlyList<(Weights Place, IPlacedModule Module)> Modules => _modules;

    /// <summary>Parameters, then buffers.</summary>
    internal IEnumerable<KeyValuePair<string, Tensor>> All =>
        Parameters.Select(pair => KeyValuePair.Create(pair.Key, (Tensor)pair.Value)).Concat(Buffers);

    private ModuleWeights? Borrowed => _source as ModuleWeights;

    /// <summary>Training or evaluation, for all modules that were or will be built from this store.</summary>
    public void train(bool train = true)
    {
        Training = train;
        Root.SetTraining(train);
    }

    /// <summary>Parameters and buffers together.</summary>
    public IReadOnlyDictionary<string, Tensor> State() =>
        All.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);

    /// <summary>Copies a state into this one.</summary>
    /// <param name="state">Exactly this store's names and shapes.</param>
    /// <param name="origin">What the error message calls the state.</param>
    /// <exception cref="UserException">A name is missing or unexpected, or a shape differs.</exception>
    public void LoadState(IReadOnlyDictionary<string, Tensor> state, string origin)
    {
        RequireOwn();
        StateCheck.CopyInto(State(), state, origin);
    }

    /// <summary>
    /// Holds the frozen floating-point tensors in another type from now on, in memory of their own; what trains stays as it is.
    /// </summary>
    /// <param name="type">A floating-point type.</param>
    /// <param name="except">Places whose tensors stay as they are too.</param>
    public void Convert(ScalarType type, params IReadOnlyList<Weights> except)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        foreach ((string name, Tensor tensor) in All.Where(pair => !pair.Value.requires_grad && pair.Value.is_floating_point() && pair.Value.dtype != type))
        {
            if (!except.Any(place => place.Holds(name)))
            {
                // One after the other, so that there is never a second copy of all.
                using Tensor converted = tensor.to(type);
                tensor.Become(converted);
            }
        }
    }

    /// <summary>The checkpoint's name for one of its tensors; older checkpoints have some under another one.</summary>
    public string StoredName(string name) => _aliases.GetValueOrDefault(name, name);

    /// <summary>
    /// Makes some frozen parameters trainable, in memory of their own; excluded ones stay frozen.
    /// </summary>
    public void Unfreeze(IEnumerable<string> names)
    {
        RequireOwn();
        foreach (string name in names.Where(name => !_excluded.Contains(name)))
        {
            Own(name);
            _parameters[name].requires_grad = true;
        }
    }

    /// <summary>Freezes the excluded parameters, where the store was opened for training.</summary>
    public void FreezeExcluded()
    {
        foreach (string name in _excluded)
        {
            _parameters[name].requires_grad = false;
        }
    }

    /// <summary>Checks that every tensor of the checkpoint was asked for, or is one of those to ignore.</summary>
    /// <exception cref="UserException">Some were not; the message names them.</exception>
    public void EnsureAllUsed()
    {
        HashSet<string> used = [.. State().Keys.Select(StoredName)];
        _source.EnsureAllUsed(name => used.Contains(name) || _ignored.Any(start => name.StartsWith(start, StringComparison.Ordinal)));
    }

    /// <summary>Frees all tensors but those that are borrowed.</summary>
    public void Dispose()
    {
        foreach (Tensor tensor in _parameters.Values.Concat(_buffers.Values).Concat(_originals.Values))
        {
            tensor.Dispose();
        }

        _source.Dispose();
    }

    internal Tensor Replace(string name, Tensor replacement)
    {
        if (!_parameters.TryGetValue(name, out Parameter? parameter))
        {
            _buffers[name].Become(replacement);
            return _buffers[name];
        }

        if (parameter.requires_grad)
        {
            throw new InvalidOperationException($"The tensor {name} is trained and cannot be replaced.");
        }

        parameter.Become(replacement);
        return parameter;
    }

    internal void Add(Weights place, IPlacedModule module) => _modules.Add((place, module));

    internal void Exclude(string name) => _excluded.Add(name);

    internal void AddNorm(Weights place) => _norms.Add(place);

    internal void AddLinearStart(Weights place, Initializer start) => _linearStarts.Add((place, start));

    internal Initializer? LinearStartAt(string prefix) => _linearStarts.FindLast(known => known.Place.Holds(prefix)).Start;

    internal void Change(string name)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        if (_originals.TryAdd(name, _parameters[name].alias()))
        {
            _originals[name].DetachFromDisposeScope();
            Own(name);
        }
    }

    internal void Restore(string name)
    {
        if (_originals.Remove(name, out Tensor? original))
        {
            using DisposeScope scope = torch.NewDisposeScope();
            _parameters[name].Become(original);
            original.Dispose();
        }
    }

    internal void Ignore(string start) => _ignored.Add(start);

    internal void Alias(string name, string other)
    {
        if (!_source.Contains(name) && _source.Contains(other))
        {
            _aliases.Add(name, other);
        }
    }

    internal long[] Shape(string name) => _source.Shape(name);

    internal bool Contains(string name) => _source.Contains(name);

    internal Parameter Parameter(string name, long[] shape, Initializer initializer)
    {
        Parameter parameter = Take(name, shape, initializer).ToParameter(_source.Trainable);
        _parameters.Add(name, parameter);
        return parameter;
    }

    internal Tensor Buffer(string name, long[] shape, Initializer initializer)
    {
        Tensor tensor = Take(name, shape, initializer);
        _buffers.Add(name, tensor);
        return tensor;
    }

    private void RequireOwn()
    {
        if (IsBorrowed)
        {
            throw new InvalidOperationException("The tensors belong to a module of the user's own and are only read.");
        }
    }

    // A file's pages are read-only.
    private void Own(string name)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        TorchErrors.Explain(() => _parameters[name].Become(_parameters[name].clone()), WeightsAdvice);
    }

    private Tensor Take(string name, long[] shape, Initializer initializer)
    {
        if (_parameters.ContainsKey(name) || _buffers.ContainsKey(name))
        {
            throw new InvalidOperationException($"The tensor {name} was asked for twice.");
        }

        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        return TorchErrors.Explain(() => _source.Take(StoredName(name), shape, initializer).DetachFromDisposeScope(), WeightsAdvice);
    }
}
