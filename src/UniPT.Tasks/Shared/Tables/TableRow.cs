namespace UniPT.Tasks.Shared.Tables;

/// <summary>One entry of a table.</summary>
/// <param name="Place">Where it stands: file and line.</param>
/// <param name="Values">
/// By key: a string, a list of strings, a <see cref="bool"/>, a number (<see cref="long"/> or <see cref="double"/>), or null for anything else; the
/// texts of a structure as <c>image.path</c>.
/// </param>
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
