using UniPT.Torch;

namespace UniPT.Backbones.Caching;

/// <summary>
/// A frozen backbone gives the same hidden states in every epoch: here they are computed once, written to a file and
/// read back through the file's pages, so that they take no tensor memory.
/// </summary>
public sealed class HiddenStateCache : IDisposable
{
    private const string PooledName = "pooled";
    private readonly Tensor[] _layers;
    private readonly Tensor? _pooled;
    private readonly long[] _summary;
    private readonly int[]? _lengths;
    private readonly Dictionary<int, float[]> _holes;
    private readonly long[] _starts;
    private readonly Device _device;

    private HiddenStateCache(Tensor[] layers, Tensor? pooled, long[] summary, int[]? lengths, Dictionary<int, float[]> holes, Device device)
    {
        (_layers, _pooled, _summary, _lengths, _holes, _device) = (layers, pooled, summary, lengths, holes, device);
        _starts = new long[(lengths?.Length ?? 0) + 1];
        for (int i = 0; i < _starts.Length - 1; i++)
        {
            _starts[i + 1] = _starts[i] + lengths![i];
        }
    }

    /// <summary>Runs the backbone over all examples.</summary>
    /// <param name="file">Where the hidden states are written; they stay on that disk, under no name, until the cache is disposed.</param>
    /// <param name="backbone">Frozen.</param>
    /// <param name="batches">Consecutive examples, from the first to the last.</param>
    /// <param name="count">Number of examples.</param>
    /// <param name="lengths">
    /// How many tokens of every example are written, the padding behind them not; holes among them are, with the mask. Null for maps and for
    /// sequences that are all equally long and without padding.
    /// </param>
    /// <param name="device">Where <see cref="Get"/> puts what it reads.</param>
    /// <exception cref="UserException">A token counts behind the length of its example, or the disk cannot be written.</exception>
    public static HiddenStateCache Build(
        string file, Backbone backbone, IEnumerable<BackboneInput> batches, int count, IReadOnlyList<int>? lengths = null, Device? device = null)
    {
        SafetensorsBuilder? builder = null;
        var summary = new List<long>();
        var holes = new Dictionary<int, float[]>();
        int done = 0;
        using DisposeScope scope = torch.NewDisposeScope();
        try
        {
            using IDisposable inference = torch.inference_mode();
            foreach (BackboneInput batch in batches)
            {
                using DisposeScope step = torch.NewDisposeScope();
                HiddenStates states = backbone.forward(batch);
                builder ??= new SafetensorsBuilder(file, Layout(states, count, lengths?.Sum()));
                int rows = (int)states.Layers[0].size(0);
                int[]? tokens = lengths?.Skip(done).Take(rows).ToArray();
                for (int i = 0; i < states.Layers.Count; i++)
                {
                    builder.Append(Name(i), tokens is null ? states.Layers[i] : Ragged(states.Layers[i], tokens));
                }

                FindHoles(states.Mask, tokens, done, holes);
                done += rows;

                if (states.Pooled is { } pooled)
                {
                    builder.Append(PooledName, pooled);
                }

                summary.AddRange(states.Summary?.ToArray<long>() ?? []);
            }

            builder!.Complete();
        }
        finally
        {
            builder?.Dispose();
        }

        using SafetensorsFile written = SafetensorsFile.Open(file);
        bool pools = written.Entries.ContainsKey(PooledName);
        Tensor[] layers = [.. Enumerable.Range(0, written.Entries.Count - (pools ? 1 : 0)).Select(i => written.Read(Name(i)).DetachFromDisposeScope())];

        // The pages stay while they are mapped; without a name nothing is left behind, however the process ends.
        File.Delete(file);
        return new HiddenStateCache(layers, pools ? written.Read(PooledName).DetachFromDisposeScope() : null, [.. summary], lengths?.ToArray(), holes, device ?? CPU);
    }

    /// <summary>The hidden states of some examples, as the backbone would give them, padded to the longest.</summary>
    public HiddenStates Get(IReadOnlyList<int> examples)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor index = TensorData.From(examples.Select(example => (long)example).ToArray(), examples.Count);
        Tensor? pooled = _pooled is null ? null : scope.MoveToOuter(_pooled.index_select(0, index).to(_device));
        Tensor? summary = _summary.Length == 0
            ? null
            : scope.MoveToOuter(TensorData.From([.. examples.Select(example => _summary[example])], examples.Count).to(_device));
        if (_lengths is null)
        {
            return new HiddenStates(scope.MoveAllToOuter([.. _layers.Select(layer => layer.index_select(0, index).to(_device))])) { Pooled = pooled, Summary = summary };
        }

        int[] lengths = [.. examples.Select(example => _lengths[example])];
        int width = Math.Max(1, lengths.Max());
        Tensor rows = Rows(examples, lengths, width);
        Tensor kept = TokenMask.From(lengths, width);
        Tensor[] layers = [.. _layers.Select(layer => layer.index_select(0, rows).view(lengths.Length, width, -1).mul(kept.unsqueeze(-1).to(layer.dtype)).to(_device))];
        return new HiddenStates(scope.MoveAllToOuter(layers), scope.MoveToOuter(WithHoles(kept, examples).to(_device))) { Pooled = pooled, Summary = summary };
    }

    /// <summary>Frees the hidden states, and the disk with them.</summary>
    public void Dispose()
    {
        foreach (Tensor layer in _layers)
        {
            layer.Dispose();
        }

        _pooled?.Dispose();
    }

    private Tensor Rows(IReadOnlyList<int> examples, int[] lengths, int width)
    {
        var rows = new long[lengths.Length * width];
        for (int i = 0; i < lengths.Length; i++)
        {
            for (int n = 0; n < lengths[i]; n++)
            {
                rows[(i * width) + n] = _starts[examples[i]] + n;
            }
        }

        return TensorData.From(rows, rows.Length);
    }

    /// <summary>The mask of the tokens that were written, with the holes that some examples have.</summary>
    private Tensor WithHoles(Tensor kept, IReadOnlyList<int> examples)
    {
        for (int row = 0; row < examples.Count; row++)
        {
            if (_holes.TryGetValue(examples[row], out float[]? values))
            {
                kept.select(0, row).narrow(0, 0, values.Length).copy_(TensorData.From(values, values.Length));
            }
        }

        return kept;
    }

    /// <summary>Notes the masks of examples of which not all written tokens count.</summary>
    private static void FindHoles(Tensor? mask, int[]? lengths, int first, Dictionary<int, float[]> holes)
    {
        if (mask is null)
        {
            return;
        }

        (float[] values, int width) = (mask.ToArray<float>(), (int)mask.size(1));
        for (int row = 0; row < mask.size(0); row++)
        {
            ReadOnlySpan<float> tokens = values.AsSpan(row * width, width);
            int length = lengths?[row] ?? 0;
            if (tokens[length..].ContainsAnyExcept(0f))
            {
                throw new UserException($"The example {first + row} has tokens that count behind the {length} that are to be kept of it.");
            }

            if (tokens[..length].Contains(0f))
            {
                holes.Add(first + row, tokens[..length].ToArray());
            }
        }
    }

    private static (string, ScalarType, long[])[] Layout(HiddenStates states, long examples, long? tokens) =>
    [
        .. states.Layers.Select((layer, i) => (
            Name(i),
            layer.dtype,
            tokens is { } rows ? new[] { rows, layer.size(-1) } : [examples, .. layer.shape[1..]])),
        .. states.Pooled is { } pooled ? new[] { (PooledName, pooled.dtype, new[] { examples, pooled.size(-1) }) } : [],
    ];

    private static Tensor Ragged(Tensor layer, IReadOnlyList<int> lengths) =>
        torch.cat([.. lengths.Select((length, i) => layer.select(0, i).narrow(0, 0, length))]);

    private static string Name(int layer) => $"layer.{layer:D3}";
}
