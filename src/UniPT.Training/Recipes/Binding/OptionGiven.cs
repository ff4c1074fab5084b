namespace UniPT.Training.Recipes.Binding;

/// <summary>
/// The text after a <c>--set key=</c>, as it was typed: what it says depends on the option. Text stays as it is, whatever YAML would make of
/// it; anything else is read as YAML.
/// </summary>
/// <param name="Origin">The override.</param>
/// <param name="Text">The text.</param>
/// <param name="Folder">The folder to which a path in it belongs.</param>
internal sealed record OptionGiven(string Origin, string Text, string Folder) : OptionNode(Origin)
{
    internal override string Shown => OptionText.Show(Text);

    /// <summary>The value of an option of some type.</summary>
    /// <exception cref="UserException">It is no text, and the value is no YAML or a section.</exception>
    internal OptionNode As(Type type)
    {
        if (type == typeof(string))
        {
            return new OptionScalar(Origin, Text, Quoted: true);
        }

        OptionNode value = YamlReader.Read(Text, _ => Origin);
        return value is OptionMapping
            ? throw new UserException($"{Origin}: the value is a section; expected one value or a list like [1, 2].")
            : value;
    }
}
