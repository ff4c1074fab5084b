namespace UniPT;

/// <summary>Makes <see cref="OptionList{T}"/>s; collection expressions call it.</summary>
public static class OptionListBuilder
{
    /// <summary>A list of a copy of <paramref name="items"/>.</summary>
    public static OptionList<T> Create<T>(ReadOnlySpan<T> items) => new(items.ToArray());
}
