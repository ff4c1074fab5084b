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
    private readonly long[] _starts;
    private readonly Device _device;

    private HiddenStateCache(Tensor[] layers, Tensor? pooled, long[] summary, int[]? lengths, Device device)
    {
        (_layers, _pooled, _summary, _lengths, _device) = (layers, pooled, summary, lengths, device);
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
    /// <param name="lengths">Tokens of every example; null for maps.</param>
    /// <param name="count">Number of examples.</param>
    /// <param name="device">Where <see cref="Get"/> puts what it reads.</param>
    public static HiddenStateCache Build(
        string file, Backbone backbone, IEnumerable<BackboneInput> batches, int count, IReadOnlyList<int>? lengths = null, Device? device = null)
    {
        SafetensorsBuilder? builder = null;
        var summary = new List<long>();
        using DisposeScope scope = torch.NewDisposeScope();
        try
        {
            using IDisposable inference = torch.inference_mode();
            foreach (BackboneInput batch in batches)
            {
                using DisposeScope step = torch.NewDisposeScope();
                HiddenStates states = backbone.forward(batch);
                builder ??= new SafetensorsBuilder(file, Layout(states, count, lengths is null ? count : lengths.Sum()));
                for (int i = 0; i < states.Layers.Count; i++)
                {
                    builder.Append(Name(i), states.Lengths is null ? states.Layers[i] : Ragged(states.Layers[i], states.Lengths));
                }

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
        return new HiddenStateCache(layers, pools ? written.Read(PooledName).DetachFromDisposeScope() : null, [.. summary], lengths?.ToArray(), device ?? CPU);
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
        Tensor mask = TokenMask.From(lengths, width).unsqueeze(-1);
        return new HiddenStates(
            scope.MoveAllToOuter([.. _layers.Select(layer => layer.index_select(0, rows).view(lengths.Length, width, -1).mul(mask.to(layer.dtype)).to(_device))]), lengths)
        { Pooled = pooled, Summary = summary };
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

    private static (string, ScalarType, long[])[] Layout(HiddenStates states, long examples, long rows) =>
    [
        .. states.Layers.Select((layer, i) => (
            Name(i),
            layer.dtype,
            states.Lengths is null ? [rows, .. layer.shape[1..]] : new[] { rows, layer.size(-1) })),
        .. states.Pooled is { } pooled ? new[] { (PooledName, pooled.dtype, new[] { examples, pooled.size(-1) }) } : [],
    ];

    private static Tensor Ragged(Tensor layer, IReadOnlyList<int> lengths) =>
        torch.cat([.. lengths.Select((length, i) => layer.select(0, i).narrow(0, 0, length))]);

    private static string Name(int layer) => $"layer.{layer:D3}";
}
