namespace UniPT.Parity.Tests;

/// <summary>From the names of a reference's state dictionary to those of the same parts here.</summary>
/// <param name="prefixes">Beginnings with what they become; the first one that fits counts.</param>
internal sealed class Renaming(params IReadOnlyList<(string From, string To)> prefixes)
{
    /// <summary>The name here; null where no beginning fits.</summary>
    public string? Of(string name) => prefixes
        .Where(prefix => name.StartsWith(prefix.From, StringComparison.Ordinal))
        .Select(prefix => prefix.To + name[prefix.From.Length..])
        .FirstOrDefault();
}
