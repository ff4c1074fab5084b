using UniPT.Training.Recipes.Binding;

namespace UniPT.Training.Recipes;

/// <summary>Compares a saved recipe with another, option by option.</summary>
internal static class RecipeDifference
{
    // Decoder threads and the frequency of checkpoints change no number.
    private static readonly string[] Harmless = ["data.workers", "train.checkpoint_every_steps"];

    /// <summary>The options that differ and change a run's numbers, each as "key was A and is B".</summary>
    /// <param name="saved">The YAML of the saved recipe.</param>
    /// <param name="source">Where it was saved, for messages.</param>
    /// <param name="recipe">The other recipe.</param>
    /// <param name="except">Keys that do not matter besides.</param>
    /// <exception cref="UserException">The saved recipe is broken.</exception>
    internal static IReadOnlyList<string> Find(string saved, string source, Recipe recipe, IReadOnlyList<string> except)
    {
        Dictionary<string, string> before = Flatten(saved, source);
        Dictionary<string, string> now = Flatten(recipe.ToYaml(), source);

        // Options that came after the recipe was saved had their defaults then.
        foreach ((string key, string value) in Flatten(Defaults(recipe).ToYaml(), source))
        {
            before.TryAdd(key, value);
        }

        return
        [
            .. from key in now.Keys.Union(before.Keys).Except(Harmless).Except(except)
               let was = before.GetValueOrDefault(key, "missing")
               let present = now.GetValueOrDefault(key, "missing")
               where was != present
               select $"{key} was {was} and is {present}",
        ];
    }

    /// <summary>The precision of a saved recipe; null if it does not say any.</summary>
    /// <exception cref="UserException">The saved recipe is broken.</exception>
    internal static Precision? PrecisionOf(string saved, string source) =>
        RecipeReader.ReadTree(saved, source, [Path.GetFullPath(source)]).Entries.GetValueOrDefault("precision") is OptionScalar value
            ? (Precision?)OptionText.Parse(value.Text, typeof(Precision), null)
            : null;

    private static Dictionary<string, string> Flatten(string yaml, string source)
    {
        Dictionary<string, string> options = [];
        Add(options, "", RecipeReader.ReadTree(yaml, source, [Path.GetFullPath(source)]));
        return options;
    }

    /// <summary>A recipe of the same task, method and backbones in which nothing was chosen.</summary>
    private static Recipe Defaults(Recipe recipe) => new()
    {
        Name = recipe.Name,
        Task = new TaskChoice(recipe.Task.Name, New(recipe.Task.Options)),
        Data = (DataOptions)New(recipe.Data),
        Backbones = new OptionMap<BackboneOptions>(recipe.Backbones.Select(pair => KeyValuePair.Create(pair.Key, (BackboneOptions)New(pair.Value)))),
        Method = new MethodChoice(
            recipe.Method.Name, New(recipe.Method.Options), new OptionMap<object>(recipe.Method.Backbones.Select(pair => KeyValuePair.Create(pair.Key, recipe.Method.Options)))),
    };

    private static object New(object record) => Activator.CreateInstance(record.GetType())!;

    private static void Add(Dictionary<string, string> options, string key, OptionNode node)
    {
        if (node is not OptionMapping section)
        {
            options[key] = Show(node);
            return;
        }

        foreach ((string name, OptionNode inner) in section.Entries)
        {
            Add(options, OptionName.Join(key, name), inner);
        }
    }

    private static string Show(OptionNode node) =>
        node is OptionSequence list ? $"[{string.Join(", ", list.Items.Select(Show))}]" : node.Shown;
}
