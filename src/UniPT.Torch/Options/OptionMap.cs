using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace UniPT;

/// <summary>
/// An immutable section of named records for option records, in the order in which they were given: two of equal entries are equal,
/// as records expect.
/// </summary>
public sealed class OptionMap<T> : IReadOnlyDictionary<string, T>, IEquatable<OptionMap<T>>
{
    private readonly OrderedDictionary<string, T> _entries;

    /// <summary>An empty section.</summary>
    public OptionMap() : this([])
    {
    }

    /// <summary>A section of a copy of <paramref name="entries"/>.</summary>
    /// <exception cref="ArgumentException">A name comes twice.</exception>
    public OptionMap(IEnumerable<KeyValuePair<string, T>> entries) => _entries = new(entries, StringComparer.Ordinal);

    /// <inheritdoc/>
    public int Count => _entries.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _entries.Keys;

    /// <inheritdoc/>
    public IEnumerable<T> Values => _entries.Values;

    /// <inheritdoc/>
    public T this[string key] => _entries[key];

    /// <summary>The same with one entry exchanged or added.</summary>
    public OptionMap<T> With(string key, T value)
    {
        var entries = new OrderedDictionary<string, T>(_entries, StringComparer.Ordinal) { [key] = value };
        return new OptionMap<T>(entries);
    }

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _entries.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value) => _entries.TryGetValue(key, out value);

    /// <inheritdoc/>
    public bool Equals(OptionMap<T>? other) => other is not null && _entries.SequenceEqual(other._entries);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as OptionMap<T>);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (KeyValuePair<string, T> entry in _entries)
        {
            hash.Add(entry.Key);
            hash.Add(entry.Value);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, T>> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
