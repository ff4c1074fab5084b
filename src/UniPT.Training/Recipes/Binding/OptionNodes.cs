namespace UniPT.Training.Recipes.Binding;

/// <summary>A value in a recipe before its type is known.</summary>
/// <param name="Origin">Where it was given, as a message starts: <c>file:line</c>, or the override.</param>
internal abstract record OptionNode(string Origin)
{
    /// <summary>The value as a message shows it.</summary>
    internal abstract string Shown { get; }
}

/// <summary>A single value.</summary>
/// <param name="Origin">Where it was given.</param>
/// <param name="Text">Its text without quotes.</param>
/// <param name="Quoted">Whether it stood in quotes; then it is never null.</param>
internal sealed record OptionScalar(string Origin, string Text, bool Quoted) : OptionNode(Origin)
{
    /// <summary>The folder of its file, to which a path in it belongs; null for that of the recipe.</summary>
    internal string? Folder { get; init; }

    /// <summary>Whether it is YAML's null: nothing, <c>~</c> or <c>null</c>.</summary>
    internal bool IsNull => !Quoted && Text is "" or "~" or "null" or "Null" or "NULL";

    internal override string Shown => OptionText.Show(Text);
}

/// <summary>A list of values.</summary>
internal sealed record OptionSequence(string Origin, IReadOnlyList<OptionNode> Items) : OptionNode(Origin)
{
    internal override string Shown => "a list";
}

/// <summary>A section: options by name, in the order in which they were given.</summary>
internal sealed record OptionMapping(string Origin) : OptionNode(Origin)
{
    internal OrderedDictionary<string, OptionNode> Entries { get; } = new(StringComparer.Ordinal);

    internal override string Shown => "a section";
}
