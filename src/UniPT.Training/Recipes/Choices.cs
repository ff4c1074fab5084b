namespace UniPT.Training.Recipes;

/// <summary>The task by name with its own options; in a recipe both stand in the section <c>task</c>.</summary>
/// <param name="Name">The task's name in the <see cref="RecipeCatalog"/>.</param>
/// <param name="Options">The task's option record, of the type that the catalog has under the name.</param>
public sealed record TaskChoice(string Name, object Options);

/// <summary>A tuning method by name with that method's own options; in a recipe both stand in the section <c>method</c>.</summary>
/// <param name="Name">The method's name in the <see cref="RecipeCatalog"/>.</param>
/// <param name="Options">The method's option record, of the type that the catalog has under the name.</param>
/// <param name="Backbones">
/// Whole option records for backbones whose stream is tuned with other options, by the backbones' names; in a recipe the subsection
/// <c>backbones</c> gives what differs.
/// </param>
public sealed record MethodChoice(string Name, object Options, OptionMap<object> Backbones)
{
    /// <summary>The same options for all backbones.</summary>
    public MethodChoice(string name, object options) : this(name, options, new OptionMap<object>())
    {
    }

    /// <summary>The options for a backbone's stream.</summary>
    public object OptionsOf(string backbone) => Backbones.TryGetValue(backbone, out object? own) ? own : Options;
}
