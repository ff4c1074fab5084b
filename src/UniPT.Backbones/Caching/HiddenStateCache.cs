using UniPT.Torch;

namespace UniPT.Backbones.Caching;

/// <summary>
/// A frozen backbone gives the same hidden states in every epoch: here those of one stream, with the memory that it reads, are computed once,
/// written to a file and read back through the file's pages, so that they take no tensor memory.
/// </summary>
public sealed class HiddenStateCache : IDisposable
{
    private readonly KeptStates _states;
    private readonly Device _device;

    private HiddenStateCache(KeptStates states, Device device) => (_states, _device) = (states, device);

    /// <summary>Runs the backbone over all examples.</summary>
    /// <param name="file">Where the hidden states are written; they stay on that disk, under no name, until the cache is disposed.</param>
    /// <param name="stream">Of a frozen backbone.</param>
    /// <param name="batches">Consecutive examples, from the first to the last.</param>
    /// <param name="count">Number of examples.</param>
    /// <param name="lengths">
    /// How many tokens of every example are written, the padding behind them not; holes among them are, with the mask. Null for maps and for
    /// sequences that are all equally long, of which padding is written too.
    /// </param>
    /// <param name="device">Where <see cref="Get"/> puts what it reads.</param>
    /// <param name="memoryLengths">As the lengths, of the stream's <see cref="BackboneStream.Memory"/>.</param>
    /// <exception cref="UserException">A token counts behind the length of its example, or the disk cannot be written.</exception>
    public static HiddenStateCache Build(
        string file,
        BackboneStream stream,
        IEnumerable<BackboneInput> batches,
        int count,
        IReadOnlyList<int>? lengths = null,
        Device? device = null,
        IReadOnlyList<int>? memoryLengths = null)
    {
        SafetensorsBuilder? builder = null;
        var states = new KeptStates("", lengths, stream.Memory is null ? null : new KeptStates("memory.", memoryLengths));
        using DisposeScope scope = torch.NewDisposeScope();
        try
        {
            using IDisposable inference = torch.inference_mode();
            foreach (BackboneInput batch in batches)
            {
                using DisposeScope step = torch.NewDisposeScope();
                HiddenStates given = stream.Read(batch);
                builder ??= new SafetensorsBuilder(file, [.. states.Layout(given, count)]);
                states.Append(builder, given);
            }

            builder!.Complete();
        }
        finally
        {
            builder?.Dispose();
        }

        using SafetensorsFile written = SafetensorsFile.Open(file);
        states.Read(written);

        // The pages stay while they are mapped; without a name nothing is left behind, however the process ends.
        File.Delete(file);
        return new HiddenStateCache(states, device ?? CPU);
    }

    /// <summary>The hidden states of some examples, as the backbone would give them, padded to the longest.</summary>
    public HiddenStates Get(IReadOnlyList<int> examples)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        HiddenStates states = _states.Get(examples, _device);
        scope.MoveToOuter(states.Tensors);
        return states;
    }

    /// <summary>Frees the hidden states, and the disk with them.</summary>
    public void Dispose() => _states.Dispose();
}
