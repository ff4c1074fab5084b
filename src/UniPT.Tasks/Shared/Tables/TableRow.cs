namespace UniPT.Tasks.Shared.Tables;

/// <summary>One entry of a table.</summary>
/// <param name="Place">Where it stands: file and line.</param>
/// <param name="Values">A string, a list of strings, or null for anything else, by key; the parts of a structure as <c>image.path</c>.</param>
internal sealed record TableRow(string Place, IReadOnlyDictionary<string, object?> Values)
{
    /// <summary>The entry of these values, in which a structure is again keys and values.</summary>
    public static TableRow Of(string place, IEnumerable<KeyValuePair<string, object?>> values)
    {
        var flat = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach ((string key, object? value) in values)
        {
            if (value is IEnumerable<KeyValuePair<string, object?>> parts)
            {
                foreach ((string part, object? inner) in parts)
                {
                    flat.TryAdd($"{key}.{part}", inner as string);
                }
            }
            else
            {
                flat.TryAdd(key.Trim(), value);
            }
        }

        return new TableRow(place, flat);
    }
}
