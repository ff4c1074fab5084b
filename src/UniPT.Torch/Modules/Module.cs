namespace UniPT.Torch;

/// <summary>
/// A TorchSharp module whose tensors were asked for at a place in a checkpoint or in a fresh initialisation: its
/// <c>parameters()</c>, <c>state_dict()</c> and children are those at this place and below it, under the checkpoint's names.
/// Unlike TorchSharp's own, <c>to()</c> keeps the parameters' objects, so that whoever holds one goes on with it.
/// </summary>
/// <typeparam name="TInput">What it is given.</typeparam>
/// <typeparam name="TResult">What it gives.</typeparam>
public abstract class Module<TInput, TResult> : nn.Module<TInput, TResult>, IPlacedModule
{
    private readonly Weights? _place;
    private bool _training;
    private bool _disposed;

    /// <summary>A module of what is asked for at this place.</summary>
    protected Module(Weights place) : base("module")
    {
        _place = place;
        _training = place.Store.Training;
        place.Store.Add(place, this);
    }

    /// <summary>A module without tensors of its own.</summary>
    protected Module() : base("module")
    {
    }

    /// <summary>Whether dropout, batch statistics and the like behave as in training; false after construction.</summary>
    public override bool training => _training;

    /// <summary>Training or evaluation, for this module and all at its place and below it.</summary>
    public override void train(bool train = true)
    {
        _training = train;
        _place?.SetTraining(train);
    }

    /// <inheritdoc/>
    public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
        _disposed ? [] : _place?.Named(_place.Store.Parameters, recurse) ?? [];

    /// <inheritdoc/>
    public override IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true) =>
        _disposed ? [] : _place?.Named(_place.Store.Buffers, recurse) ?? [];

    /// <inheritdoc/>
    public override IEnumerable<(string name, nn.Module module)> named_modules() => _disposed ? [] : _place?.NamedModules() ?? [];

    /// <inheritdoc/>
    public override IEnumerable<(string name, nn.Module module)> named_children()
    {
        (string name, nn.Module module)[] all = [.. named_modules()];
        return all.Where(child => !all.Any(other => child.name.StartsWith(other.name + ".", StringComparison.Ordinal)));
    }

    /// <inheritdoc/>
    public override Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
    {
        destination ??= [];
        string start = string.IsNullOrEmpty(prefix) ? "" : prefix + ".";
        foreach ((string name, Tensor tensor) in named_parameters().Select(pair => (pair.name, (Tensor)pair.parameter)).Concat(named_buffers()))
        {
            destination.TryAdd(start + name, tensor);
        }

        return destination;
    }

    /// <inheritdoc/>
    public override Parameter? get_parameter(string target) => named_parameters().FirstOrDefault(pair => pair.name == target).parameter;

    /// <inheritdoc/>
    public override Tensor? get_buffer(string target) => named_buffers().FirstOrDefault(pair => pair.name == target).buffer;

    /// <inheritdoc/>
    public override bool has_parameter(string target) => get_parameter(target) is not null;

    /// <inheritdoc/>
    public override bool has_buffer(string target) => get_buffer(target) is not null;

    /// <summary>Applies a function to every module below this one, then to this one.</summary>
    public override nn.Module apply(Action<nn.Module> fn)
    {
        foreach ((_, nn.Module module) in named_modules())
        {
            fn(module);
        }

        fn(this);
        return this;
    }

    void IPlacedModule.SetTraining(bool train) => _training = train;

    /// <summary>Frees the tensors at its place and below it, but for those of a module of the user's own.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed && _place is { Store.IsBorrowed: false } place)
        {
            foreach (Tensor tensor in place.Tensors)
            {
                tensor.Dispose();
            }
        }

        // From here on it has none: TorchSharp frees what a module names, and the backbone of a tuned one is another's.
        _disposed |= disposing;
        base.Dispose(disposing);
    }

    /// <summary>Whether <c>Dispose</c> was called: then it names no tensors and no modules.</summary>
    protected bool IsDisposed => _disposed;

    /// <inheritdoc/>
    protected override nn.Module _to(Device device, ScalarType dtype, bool non_blocking) => Change(device, dtype);

    /// <inheritdoc/>
    protected override nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) =>
        Change(new Device(deviceType, deviceIndex), null);

    /// <inheritdoc/>
    protected override nn.Module _to(ScalarType dtype, bool non_blocking) => Change(null, dtype);

    /// <inheritdoc/>
    protected override void RegisterComponents()
    {
        // Nothing: children are found by their places, not by the fields that hold them.
    }

    private Module<TInput, TResult> Change(Device? device, ScalarType? type)
    {
        if (type is { } wanted && !torch.is_floating_point(wanted))
        {
            throw new ArgumentException($"modules hold floating-point numbers, not {wanted}", nameof(type));
        }

        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        foreach (Tensor tensor in _disposed ? [] : _place?.Tensors ?? [])
        {
            ScalarType kept = type is { } other && tensor.is_floating_point() ? other : tensor.dtype;
            Device place = device ?? tensor.device;
            if (kept != tensor.dtype || place.type != tensor.device_type || (place.index >= 0 && place.index != tensor.device_index))
            {
                tensor.Become(tensor.to(kept, place));
            }
        }

        return this;
    }
}

/// <summary>A module from tensors to a tensor; what its forward makes in between is freed.</summary>
public abstract class Module : Module<Tensor, Tensor>
{
    /// <inheritdoc/>
    protected Module(Weights place) : base(place)
    {
    }

    /// <inheritdoc/>
    protected Module()
    {
    }

    /// <inheritdoc/>
    /// <exception cref="TensorMemoryException">There was not enough memory.</exception>
    public sealed override Tensor forward(Tensor input)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(TorchErrors.Explain(() => Compute(input)));
    }

    /// <summary>The computation; everything made in it but the result is freed.</summary>
    protected abstract Tensor Compute(Tensor input);
}

/// <summary>A module whose mode can be set without that of its children.</summary>
internal interface IPlacedModule
{
    /// <summary>Training or evaluation.</summary>
    void SetTraining(bool train);
}
