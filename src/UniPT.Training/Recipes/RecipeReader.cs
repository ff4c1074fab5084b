using UniPT.Training.Recipes.Binding;

namespace UniPT.Training.Recipes;

/// <summary>From a file and overrides to a checked recipe.</summary>
internal static class RecipeReader
{
    private const int LongestText = 1 << 20;
    private const int MostProblems = 20;

    /// <summary>See <see cref="Recipe.Load"/>.</summary>
    internal static Recipe Read(string path, RecipeCatalog catalog, IReadOnlyList<OptionOverride> overrides)
    {
        string text = TextFile.Read(path, "a recipe", LongestText);
        return Parse(text, path, Path.GetDirectoryName(Path.GetFullPath(path))!, catalog, overrides);
    }

    /// <summary>Reads a recipe's text.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="source">The file's name in messages.</param>
    /// <param name="folder">The folder to which its paths belong.</param>
    /// <param name="catalog">What it may choose from.</param>
    /// <param name="overrides">See <see cref="Recipe.Load"/>.</param>
    /// <param name="requireFiles">Whether what it names must be there; a saved recipe may come from elsewhere, and from an earlier version.</param>
    internal static Recipe Parse(
        string text,
        string source,
        string folder,
        RecipeCatalog catalog,
        IReadOnlyList<OptionOverride> overrides,
        bool requireFiles = true)
    {
        OptionMapping root = YamlReader.ReadRecipe(text, source);
        if (!requireFiles)
        {
            FormerOptions.Translate(root);
        }

        Override(root, overrides);

        var binder = new OptionBinder(folder, requireFiles, catalog);
        Recipe recipe = binder.Bind(root);
        HashSet<string> wrong = [.. binder.Problems.Select(problem => problem.Key)];
        string[] problems =
        [
            .. from problem in binder.Problems.Concat(
                   RecipeValidator.Check(recipe, catalog).Where(problem => !wrong.Contains(problem.Key)))
               let origin = problem.Origin ?? binder.Origins.GetValueOrDefault(problem.Key, source)
               select $"{origin}: {problem.Key} {problem.Sentence}",
        ];
        return problems.Length == 0 ? recipe : throw new UserException(Joined(problems));
    }

    private static string Joined(string[] problems) => problems.Length <= MostProblems
        ? string.Join('\n', problems)
        : string.Join('\n', [.. problems[..MostProblems], $"... and {problems.Length - MostProblems} more problems."]);

    private static void Override(OptionMapping root, IReadOnlyList<OptionOverride> overrides)
    {
        OptionNode? chosen = overrides.LastOrDefault(given => given.Key == "method.name")?.Value;
        if (chosen is not null
            && root.Entries.GetValueOrDefault("method") is OptionMapping method
            && method.Entries.GetValueOrDefault("name")?.Shown != chosen.Shown)
        {
            root.Entries["method"] = new OptionMapping(chosen.Origin);
        }

        foreach (OptionOverride given in overrides)
        {
            given.Apply(root);
        }
    }
}
