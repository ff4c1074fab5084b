namespace UniPT.Backbones;

/// <summary>What a backbone gives: the hidden states of each of its streams.</summary>
public sealed class BackboneOutput
{
    private readonly OrderedDictionary<string, HiddenStates> _streams = new(StringComparer.Ordinal);

    /// <summary>Of several streams.</summary>
    public BackboneOutput(params (string Stream, HiddenStates States)[] streams)
    {
        foreach ((string stream, HiddenStates states) in streams)
        {
            _streams.Add(stream, states);
        }
    }

    /// <summary>Of one stream.</summary>
    public BackboneOutput(string stream, HiddenStates states) : this((stream, states))
    {
    }

    /// <summary>The hidden states of a backbone with one stream.</summary>
    /// <exception cref="UserException">It has several.</exception>
    public HiddenStates Only => _streams.Count == 1
        ? _streams.GetAt(0).Value
        : throw new UserException($"The backbone gave the streams {string.Join(", ", _streams.Keys)}; say which.");

    /// <summary>The same streams, each tensor made into another.</summary>
    internal BackboneOutput Map(Func<Tensor, Tensor> change) => new([.. _streams.Select(stream => (stream.Key, stream.Value.Map(change)))]);

    /// <summary>All tensors.</summary>
    internal IEnumerable<Tensor> Tensors => _streams.Values.SelectMany(states => states.Tensors);

    /// <summary>The hidden states of a stream.</summary>
    /// <exception cref="UserException">It was not given.</exception>
    public HiddenStates this[string stream] => _streams.TryGetValue(stream, out HiddenStates? states)
        ? states
        : throw new UserException($"The backbone gave no stream {stream}; it gave {string.Join(", ", _streams.Keys)}.");
}
