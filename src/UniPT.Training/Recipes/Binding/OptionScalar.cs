namespace UniPT.Training.Recipes.Binding;

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
