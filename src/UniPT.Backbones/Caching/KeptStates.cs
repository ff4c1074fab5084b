using UniPT.Torch;

namespace UniPT.Backbones.Caching;

/// <summary>The hidden states of one stream in a file: the layers with the tokens of all examples behind each other, or with equally large rows.</summary>
/// <param name="place">What the names of its tensors begin with.</param>
/// <param name="lengths">Tokens that are written of every example; null for rows of one size.</param>
/// <param name="memory">Those of the stream that this one reads; null for none.</param>
internal sealed class KeptStates(string place, IReadOnlyList<int>? lengths, KeptStates? memory = null) : IDisposable
{
    private readonly string _pooledName = $"{place}pooled";
    private readonly List<long> _summary = [];

    // The masks of the examples of which not all written tokens count.
    private readonly Dictionary<int, float[]> _holes = [];
    private readonly long[] _starts = Starts(lengths ?? []);
    private Tensor[] _layers = [];
    private Tensor? _pooled;
    private int _appended;
    private int _width;

    /// <summary>The tensors that a file of these states has, as a first batch shows them.</summary>
    public IEnumerable<(string Name, ScalarType Type, long[] Shape)> Layout(HiddenStates states, long examples)
    {
        IEnumerable<(string Name, ScalarType Type, long[] Shape)> own = states.Layers.Select((layer, i) =>
            (Name(i), layer.dtype, lengths is null ? [examples, .. layer.shape[1..]] : new[] { _starts[^1], layer.size(-1) }));
        if (states.Pooled is { } pooled)
        {
            own = own.Append((_pooledName, pooled.dtype, [examples, pooled.size(-1)]));
        }

        return memory is null ? own : own.Concat(memory.Layout(states.Memory!, examples));
    }

    /// <summary>Writes the next examples.</summary>
    public void Append(SafetensorsBuilder builder, HiddenStates states)
    {
        int rows = (int)states.Layers[0].size(0);
        int[]? tokens = lengths?.Skip(_appended).Take(rows).ToArray();
        for (int i = 0; i < states.Layers.Count; i++)
        {
            Tensor layer = states.Layers[i];
            builder.Append(Name(i), tokens is null ? layer : torch.cat([.. tokens.Select((length, row) => layer.select(0, row).narrow(0, 0, length))]));
        }

        if (states.Pooled is { } pooled)
        {
            builder.Append(_pooledName, pooled);
        }

        FindHoles(states.Mask, tokens);
        _summary.AddRange(states.Summary?.ToArray<long>() ?? []);
        _appended += rows;
        memory?.Append(builder, states.Memory!);
    }

    /// <summary>Takes the written tensors, whose pages stay mapped.</summary>
    public void Read(SafetensorsFile file)
    {
        _layers = [.. Enumerable.Range(0, file.Entries.Count).Select(Name).TakeWhile(file.Entries.ContainsKey).Select(name => file.Read(name).DetachFromDisposeScope())];
        _pooled = file.Entries.ContainsKey(_pooledName) ? file.Read(_pooledName).DetachFromDisposeScope() : null;
        memory?.Read(file);
    }

    /// <summary>The hidden states of some examples, in the current scope.</summary>
    public HiddenStates Get(IReadOnlyList<int> examples, Device device)
    {
        Tensor index = TensorData.From(examples.Select(example => (long)example).ToArray(), examples.Count);
        HiddenStates states = lengths is null
            ? new HiddenStates([.. _layers.Select(layer => layer.index_select(0, index).to(device))], _holes.Count == 0 ? null : Mask(examples, [.. examples.Select(_ => _width)], _width).to(device))
            : Tokens(examples, lengths, device);
        return states with
        {
            Pooled = _pooled?.index_select(0, index).to(device),
            Summary = _summary.Count == 0 ? null : TensorData.From([.. examples.Select(example => _summary[example])], examples.Count).to(device),
            Memory = memory?.Get(examples, device),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor layer in _layers)
        {
            layer.Dispose();
        }

        _pooled?.Dispose();
        memory?.Dispose();
    }

    private HiddenStates Tokens(IReadOnlyList<int> examples, IReadOnlyList<int> lengths, Device device)
    {
        int[] chosen = [.. examples.Select(example => lengths[example])];
        int width = Math.Max(1, chosen.Max());
        Tensor rows = Rows(examples, chosen, width);
        Tensor mask = TokenMask.From(chosen, width);
        Tensor[] layers = [.. _layers.Select(layer => layer.index_select(0, rows).view(chosen.Length, width, -1).mul(mask.unsqueeze(-1).to(layer.dtype)).to(device))];
        return new HiddenStates(layers, Mask(examples, chosen, width).to(device));
    }

    /// <summary>Which tokens of examples count, <c>[examples, width]</c>.</summary>
    private Tensor Mask(IReadOnlyList<int> examples, int[] chosen, int width)
    {
        Tensor mask = TokenMask.From(chosen, width);
        for (int row = 0; row < examples.Count; row++)
        {
            if (_holes.TryGetValue(examples[row], out float[]? values))
            {
                mask.select(0, row).narrow(0, 0, values.Length).copy_(TensorData.From(values, values.Length));
            }
        }

        return mask;
    }

    private Tensor Rows(IReadOnlyList<int> examples, int[] chosen, int width)
    {
        var rows = new long[chosen.Length * width];
        for (int i = 0; i < chosen.Length; i++)
        {
            for (int n = 0; n < chosen[i]; n++)
            {
                rows[(i * width) + n] = _starts[examples[i]] + n;
            }
        }

        return TensorData.From(rows, rows.Length);
    }

    private void FindHoles(Tensor? mask, int[]? tokens)
    {
        if (mask is null)
        {
            return;
        }

        (float[] values, int width) = (mask.ToArray<float>(), (int)mask.size(1));
        _width = width;
        for (int row = 0; row < mask.size(0); row++)
        {
            ReadOnlySpan<float> all = values.AsSpan(row * width, width);
            int length = tokens?[row] ?? width;
            if (all[length..].ContainsAnyExcept(0f))
            {
                throw new UserException($"The example {_appended + row} has tokens that count behind the {length} that are to be kept of it.");
            }

            if (all[..length].Contains(0f))
            {
                _holes.Add(_appended + row, all[..length].ToArray());
            }
        }
    }

    private static long[] Starts(IReadOnlyList<int> lengths)
    {
        var starts = new long[lengths.Count + 1];
        for (int i = 0; i < lengths.Count; i++)
        {
            starts[i + 1] = starts[i] + lengths[i];
        }

        return starts;
    }

    private string Name(int layer) => $"{place}layer.{layer:D3}";
}
