using System.Text.Json;

namespace UniPT.Training.Recipes.Binding;

/// <summary>Names of options as recipes spell them.</summary>
internal static class OptionName
{
    /// <summary>A recipe's spelling of a property or enumeration member: <c>batch_size</c>, <c>crop_flip</c>.</summary>
    internal static string Of(string member) => JsonNamingPolicy.SnakeCaseLower.ConvertName(member);

    /// <summary>A dotted key.</summary>
    internal static string Join(string section, string name) => section.Length == 0 ? name : $"{section}.{name}";

    /// <summary>The candidate that <paramref name="name"/> is probably a slip of; null where none is near.</summary>
    internal static string? Nearest(string name, IEnumerable<string> candidates)
    {
        (string? nearest, int edits) = candidates
            .Select(candidate => (candidate, Edits(name, candidate)))
            .DefaultIfEmpty((null!, int.MaxValue))
            .MinBy(pair => pair.Item2);
        return edits <= 1 + (name.Length / 4) ? nearest : null;
    }

    /// <summary>Levenshtein distance.</summary>
    private static int Edits(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
