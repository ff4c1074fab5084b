namespace UniPT.Backbones.UserModels;

/// <summary>What the hidden states of a model look like, as learned from those of an example.</summary>
internal sealed class StateLayout
{
    private readonly string _model;
    private readonly int _dimensions;
    private readonly int _batch;
    private readonly int _channels;

    private StateLayout(string model, IReadOnlyList<string> names, IReadOnlyList<Tensor> states, int batch)
    {
        (_model, Names, _batch, _dimensions) = (model, names, batch, (int)states[0].ndim);
        _channels = _dimensions == 4 ? 1 : _dimensions - 1;
        Layout = _dimensions == 4 ? HiddenLayout.Maps : HiddenLayout.Tokens;
        Widths = [.. states.Select(state => (int)state.size(_channels))];
    }

    /// <summary>Maps, or tokens; a vector <c>[B, D]</c> is one token.</summary>
    public HiddenLayout Layout { get; }

    /// <summary>Channels of every hidden state.</summary>
    public IReadOnlyList<int> Widths { get; }

    /// <summary>Their names.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Learns from an example.</summary>
    /// <param name="model">What messages call the model.</param>
    /// <param name="example">The example.</param>
    /// <param name="found">The named hidden states of one stream of it.</param>
    /// <param name="first">The first hidden state of that stream for another input.</param>
    /// <exception cref="UserException">The hidden states are no tokens and no maps, or not alike.</exception>
    public static StateLayout Learn(
        string model, BackboneInput example, IReadOnlyList<(string Name, Tensor State)> found, Func<BackboneInput, Tensor> first)
    {
        if (found.Count == 0)
        {
            throw new UserException($"{model} gives no hidden state; a parallel network reads at least two.");
        }

        foreach ((string name, Tensor state) in found)
        {
            if (state.ndim is < 2 or > 4 || !state.is_floating_point() || state.numel() == 0)
            {
                throw new UserException(
                    $"The hidden state {name} of {model} is a {state.dtype} tensor {Text(state)}; it must be floating-point tokens [B, N, D], one vector [B, D] or maps [B, C, H, W].");
            }

            if (state.ndim != found[0].State.ndim)
            {
                throw new UserException(
                    $"The hidden states of {model} must be laid out alike; {found[0].Name} is {Text(found[0].State)} and {name} is {Text(state)}.");
            }
        }

        Tensor[] all = [.. found.Select(pair => pair.State)];
        var layout = new StateLayout(model, [.. found.Select(pair => pair.Name)], all, Batch(example, all, first));
        layout.Arrange(all, example.Rows);
        return layout;
    }

    /// <summary>Tokens <c>[B, N, D]</c> or maps of float32, from the model's states of as many rows.</summary>
    /// <exception cref="UserException">A state is not as those of the example were.</exception>
    public IReadOnlyList<Tensor> Arrange(IReadOnlyList<Tensor> states, long rows)
    {
        for (int i = 0; i < states.Count; i++)
        {
            Tensor state = states[i];
            if (state.ndim != _dimensions || state.size(_channels) != Widths[i])
            {
                throw new UserException(
                    $"The hidden state {Names[i]} of {_model} was {Widths[i]} wide, of {_dimensions} dimensions, for the example and is {Text(state)} now.");
            }

            if (state.size(_batch) != rows)
            {
                throw new UserException($"The hidden state {Names[i]} of {_model} is {Text(state)}; for an input of {rows} rows dimension {_batch} must be {rows}.");
            }
        }

        Tensor[] arranged = [.. states.Select(Arrange)];
        if (Layout == HiddenLayout.Tokens && Array.FindIndex(arranged, state => state.size(1) != arranged[0].size(1)) is > 0 and var other)
        {
            throw new UserException(
                $"The hidden states of {_model} must have equally many tokens; {Names[0]} is {Text(states[0])} and {Names[other]} is {Text(states[other])}.");
        }

        return arranged;
    }

    private Tensor Arrange(Tensor state)
    {
        Tensor numbers = state.dtype == ScalarType.Float32 ? state : state.to(ScalarType.Float32);
        return _dimensions == 2 ? numbers.unsqueeze(1) : _batch == 1 ? numbers.transpose(0, 1).contiguous() : numbers;
    }

    /// <summary>
    /// The dimension of the batch: 0, or 1 of tokens that are laid out as PyTorch's Transformers have them by default. Where the example has
    /// as many rows as tokens, it is the one that grows with the rows.
    /// </summary>
    private static int Batch(BackboneInput example, Tensor[] states, Func<BackboneInput, Tensor> first)
    {
        long rows = example.Rows;
        Tensor state = states[0];
        if (state.ndim != 3 || state.size(1) != rows)
        {
            return 0;
        }

        return state.size(0) != rows || first(Twice(example)).size(0) == rows ? 1 : 0;
    }

    private static BackboneInput Twice(BackboneInput input) => input.Map(part => torch.cat([part, part]));

    private static string Text(Tensor state) => $"[{string.Join(", ", state.shape)}]";
}
