using System.Collections;
using System.Runtime.CompilerServices;

namespace UniPT;

/// <summary>An immutable list for option records: two lists of equal elements are equal, as records expect.</summary>
[CollectionBuilder(typeof(OptionListBuilder), nameof(OptionListBuilder.Create))]
public sealed class OptionList<T> : IReadOnlyList<T>, IEquatable<OptionList<T>>
{
    private readonly T[] _items;

    /// <summary>A list of a copy of <paramref name="items"/>.</summary>
    public OptionList(IEnumerable<T> items) => _items = [.. items];

    /// <summary>The number of elements.</summary>
    public int Count => _items.Length;

    /// <summary>The element at <paramref name="index"/>.</summary>
    public T this[int index] => _items[index];

    /// <inheritdoc/>
    public bool Equals(OptionList<T>? other) => other is not null && _items.AsSpan().SequenceEqual(other._items);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as OptionList<T>);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (T item in _items)
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The elements between brackets, as in a recipe.</summary>
    public override string ToString() => $"[{string.Join(", ", _items)}]";
}
