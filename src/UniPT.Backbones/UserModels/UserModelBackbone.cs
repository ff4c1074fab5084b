using UniPT.Torch;

namespace UniPT.Backbones.UserModels;

/// <summary>
/// A model of the user's own as a backbone: what its hidden states look like was learned from an example, and every forward is
/// held to that. It is only read: nothing is recorded through it, and none of its weights is trained, changed or copied.
/// </summary>
public abstract class UserModelBackbone : Backbone
{
    private readonly nn.Module _model;
    private readonly StateLayout[] _layouts;

    /// <summary>Learns the layouts and widths by a forward of the example.</summary>
    /// <param name="name">What messages call the model.</param>
    /// <param name="module">The model, whose tensors stay its own.</param>
    /// <param name="example">An input, of which a copy is kept.</param>
    /// <param name="owned">What goes when the store is disposed, or nothing could be learned.</param>
    /// <param name="streams">How many hidden states belong to each stream, in their order; null where all are one stream, named by the example.</param>
    /// <param name="states">The hidden states of an input, in the current scope, each with its name.</param>
    /// <exception cref="UserException">The hidden states are no tokens and no maps, or those of a stream are not alike.</exception>
    private protected UserModelBackbone(
        string name,
        nn.Module module,
        BackboneInput example,
        IDisposable owned,
        IReadOnlyList<(string Stream, int States)>? streams,
        Func<BackboneInput, IReadOnlyList<(string Name, Tensor State)>> states)
        : this(name, module, new Kept(example, owned), streams, states)
    {
    }

    private UserModelBackbone(
        string name,
        nn.Module module,
        Kept kept,
        IReadOnlyList<(string Stream, int States)>? streams,
        Func<BackboneInput, IReadOnlyList<(string Name, Tensor State)>> states)
        : base(WeightStore.Of(module, kept))
    {
        (Name, Example, _model) = (name, kept.Input, module);
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        try
        {
            if (Example.Values.ndim == 0 || Example.Values.numel() == 0)
            {
                throw new UserException($"The example for {name} has the shape [{string.Join(", ", Example.Values.shape)}]; it needs a row at least.");
            }

            IReadOnlyList<(string Name, Tensor State)> found = states(Example);
            streams ??= [(StreamOf(Example), found.Count)];
            _layouts = new StateLayout[streams.Count];
            var made = new List<BackboneStream>();
            for (int i = 0, start = 0; i < streams.Count; start += streams[i++].States)
            {
                int first = start;
                StateLayout layout = StateLayout.Learn(name, Example, [.. found.Skip(start).Take(streams[i].States)], input => states(input)[first].State);
                _layouts[i] = layout;
                made.Add(new BackboneStream(this, streams[i].Stream, layout.Layout, layout.Widths, layout.Names)
                {
                    Memory = streams[i].Stream == BackboneStream.Decoder ? made.Find(stream => stream.Name == BackboneStream.Encoder) : null,
                });
            }

            Streams = new BackboneStreams(made);
        }
        catch
        {
            kept.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <summary>What it gives: a decoder's memory is the encoder, where there is one before it.</summary>
    public override BackboneStreams Streams { get; }

    /// <summary>The input that the layouts were learned from.</summary>
    public override BackboneInput Example { get; }

    /// <summary>The hidden states of an input, in the current scope, as the model lays them out.</summary>
    private protected abstract IReadOnlyList<Tensor> Read(BackboneInput input);

    /// <inheritdoc/>
    protected override BackboneOutput Compute(BackboneInput input)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        IReadOnlyList<Tensor> states = Read(input);
        if (states.Count != Streams.Sum(stream => stream.Widths.Count))
        {
            throw new UserException($"{Name} gave {Streams.Sum(stream => stream.Widths.Count)} hidden states for the example and {states.Count} now.");
        }

        var output = new (string, HiddenStates)[Streams.Count];
        for (int i = 0, start = 0; i < output.Length; start += Streams[i++].Widths.Count)
        {
            BackboneStream stream = Streams[i];
            Tensor? mask = input.Find($"{stream.Name}_{BackboneInput.MaskPart}") ?? (i == 0 ? input.Mask : null);
            output[i] = (stream.Name, new HiddenStates(
                scope.MoveAllToOuter(_layouts[i].Arrange([.. states.Skip(start).Take(stream.Widths.Count)], input.Rows)),
                stream.Layout == HiddenLayout.Tokens && mask is not null ? scope.MoveToOuter(mask.alias()) : null));
        }

        return new BackboneOutput(output);
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

    /// <summary>The stream of a model that gives one: by what it reads.</summary>
    private static string StreamOf(BackboneInput example) => (example.Find(BackboneInput.PixelsPart), example.Find(BackboneInput.TokensPart)) switch
    {
        ({ }, { }) => BackboneStream.Joint,
        ({ }, null) => BackboneStream.Image,
        (null, { }) => BackboneStream.Text,
        _ => example.All.First(part => ReferenceEquals(part.Value, example.Values)).Key,
    };

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
