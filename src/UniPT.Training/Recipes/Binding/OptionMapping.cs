namespace UniPT.Training.Recipes.Binding;

/// <summary>A section: options by name, in the order in which they were given.</summary>
internal sealed record OptionMapping(string Origin) : OptionNode(Origin)
{
    internal OrderedDictionary<string, OptionNode> Entries { get; } = new(StringComparer.Ordinal);

    internal override string Shown => "a section";
}
