namespace UniPT.Training.Recipes.Binding;

/// <summary>One <c>--set key=value</c>.</summary>
/// <param name="Key">The dotted key.</param>
/// <param name="Value">A scalar or a list.</param>
internal sealed record OptionOverride(string Key, OptionNode Value)
{
    /// <summary>Reads <c>key=value</c>, the value being a YAML scalar or a list in brackets.</summary>
    /// <exception cref="UserException">There is no <c>=</c>, or the value is neither.</exception>
    internal static OptionOverride Parse(string text)
    {
        string origin = $"--set {text}";
        int equals = text.IndexOf('=');
        string key = equals < 0 ? "" : text[..equals].Trim();
        if (key.Split('.').Any(string.IsNullOrWhiteSpace))
        {
            throw new UserException($"{origin}: expected key=value, such as train.epochs=3.");
        }

        OptionNode value = YamlReader.Read(text[(equals + 1)..], _ => origin);
        return value is OptionMapping
            ? throw new UserException($"{origin}: the value is a section; expected one value or a list like [1, 2].")
            : new OptionOverride(key, value);
    }

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
