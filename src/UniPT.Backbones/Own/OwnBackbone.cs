using UniPT.Torch;

namespace UniPT.Backbones.Own;

/// <summary>
/// A model of the user's own as a backbone: what its hidden states look like was learned from an example, and every forward is
/// held to that. It is only read: nothing is recorded through it, and none of its weights is trained, changed or copied.
/// </summary>
public abstract class OwnBackbone : Backbone
{
    private readonly nn.Module _model;
    private readonly StateLayout _layout;

    /// <summary>Learns the layouts and widths by a forward of the example.</summary>
    /// <param name="name">What messages call the model.</param>
    /// <param name="module">The model, whose tensors stay its own.</param>
    /// <param name="example">An input, of which a copy is kept.</param>
    /// <param name="owned">What goes when the store is disposed, or nothing could be learned.</param>
    /// <param name="states">The hidden states of an input, in the current scope, each with its name.</param>
    /// <exception cref="UserException">The hidden states are no tokens and no maps, or not alike.</exception>
    private protected OwnBackbone(
        string name, nn.Module module, BackboneInput example, IDisposable owned, Func<BackboneInput, IReadOnlyList<(string Name, Tensor State)>> states)
        : this(name, module, new Kept(example, owned), states)
    {
    }

    private OwnBackbone(string name, nn.Module module, Kept kept, Func<BackboneInput, IReadOnlyList<(string Name, Tensor State)>> states)
        : base(WeightStore.Of(module, kept))
    {
        (Name, Example, _model) = (name, kept.Input, module);
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        try
        {
            _layout = StateLayout.Learn(name, Example, states);
        }
        catch
        {
            kept.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override HiddenLayout Layout => _layout.Layout;

    /// <inheritdoc/>
    public override IReadOnlyList<int> Widths => _layout.Widths;

    /// <inheritdoc/>
    public override IReadOnlyList<string> LayerNames => _layout.Names;

    /// <summary>The input that the layouts were learned from.</summary>
    public override BackboneInput Example { get; }

    /// <summary>The hidden states of an input, in the current scope, as the model lays them out.</summary>
    private protected abstract IReadOnlyList<Tensor> Read(BackboneInput input);

    /// <inheritdoc/>
    protected override HiddenStates Compute(BackboneInput input)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        IReadOnlyList<Tensor> states = _layout.Arrange(Read(input), input.Rows);
        return new HiddenStates(scope.MoveAllToOuter(states), Layout == HiddenLayout.Tokens && input.Mask is { } mask ? scope.MoveToOuter(mask.alias()) : null);
    }

    /// <inheritdoc/>
    protected override nn.Module _to(Device device, ScalarType dtype, bool non_blocking)
    {
        _model.to(device, dtype, non_blocking);
        return this;
    }

    /// <inheritdoc/>
    protected override nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
    {
        _model.to(deviceType, deviceIndex, non_blocking);
        return this;
    }

    /// <inheritdoc/>
    protected override nn.Module _to(ScalarType dtype, bool non_blocking)
    {
        _model.to(dtype, non_blocking);
        return this;
    }

    /// <summary>Lets go of the model, which stays whole.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Store.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>A copy of an input that no scope frees, and what goes with it.</summary>
    private sealed class Kept(BackboneInput input, IDisposable owned) : IDisposable
    {
        public BackboneInput Input { get; } = input.Map(Copy);

        public void Dispose()
        {
            foreach (Tensor part in Input.All.Values)
            {
                part.Dispose();
            }

            owned.Dispose();
        }

        private static Tensor Copy(Tensor tensor)
        {
            using IDisposable unrecorded = torch.no_grad();
            return tensor.detach().clone().DetachFromDisposeScope();
        }
    }
}
