namespace UniPT.Training.Recipes.Binding;

/// <summary>One <c>--set key=value</c>.</summary>
/// <param name="Key">The dotted key.</param>
/// <param name="Value">What it is to be.</param>
internal sealed record OptionOverride(string Key, OptionGiven Value)
{
    /// <summary>Reads <c>key=value</c>.</summary>
    /// <param name="text">What was given.</param>
    /// <param name="folder">The folder to which paths belong.</param>
    /// <exception cref="UserException">There is no <c>=</c>, or no key before it.</exception>
    internal static OptionOverride Parse(string text, string folder)
    {
        string origin = $"--set {text}";
        int equals = text.IndexOf('=');
        string key = equals < 0 ? "" : text[..equals].Trim();
        return key.Split('.').Any(string.IsNullOrWhiteSpace)
            ? throw new UserException($"{origin}: expected key=value, such as train.epochs=3.")
            : new OptionOverride(key, new OptionGiven(origin, text[(equals + 1)..], folder));
    }

    /// <summary>Those of the command line, whose paths belong to the current folder.</summary>
    internal static OptionOverride[] Typed(IEnumerable<string> overrides) =>
        [.. overrides.Select(given => Parse(given, Environment.CurrentDirectory))];

    /// <summary>Puts the value in its place, over what is there.</summary>
    internal void Apply(OptionMapping root)
    {
        string[] names = Key.Split('.');
        OptionMapping section = root;
        foreach (string name in names[..^1])
        {
            if (section.Entries.GetValueOrDefault(name) is not OptionMapping inner)
            {
                section.Entries[name] = inner = new OptionMapping(Value.Origin);
            }

            section = inner;
        }

        section.Entries[names[^1]] = Value;
    }
}
