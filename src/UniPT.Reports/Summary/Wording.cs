namespace UniPT.Reports.Summary;

/// <summary>Words of sentences that are made from figures.</summary>
internal static class Wording
{
    /// <summary>Such as <c>a, b and c</c>.</summary>
    internal static string List(IReadOnlyList<string> items) => items.Count < 2
        ? string.Concat(items)
        : $"{string.Join(", ", items.SkipLast(1))} and {items[^1]}";
}
