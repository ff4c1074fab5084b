using UniPT.Training.Recipes.Binding;

namespace UniPT.Training.Recipes;

/// <summary>From a file, those that it builds on, and overrides to a checked recipe.</summary>
internal static class RecipeReader
{
    private const int LongestText = 1 << 20;
    private const int MostProblems = 20;
    private const int DeepestBase = 8;
    private const int MostBases = 64;

    /// <summary>See <see cref="Recipe.Load"/>.</summary>
    internal static Recipe Read(string path, RecipeCatalog catalog, IReadOnlyList<OptionOverride> overrides)
    {
        string text = TextFile.Read(path, "a recipe", LongestText);
        string full = Path.GetFullPath(path);
        return Bind(ReadTree(text, path, [full]), path, Path.GetDirectoryName(full)!, catalog, overrides, requireFiles: true);
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
        bool requireFiles = true) =>
        Bind(ReadTree(text, source, [Path.Combine(Path.GetFullPath(folder), Path.GetFileName(source))]), source, folder, catalog, overrides, requireFiles);

    /// <summary>A recipe's sections as they stand, with those of the recipe that it builds on.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="source">The file's name in messages.</param>
    /// <param name="files">Full paths of the file and of those that build on it, which may not come again.</param>
    /// <exception cref="UserException">The text is no recipe, or what it builds on is missing or builds on it.</exception>
    internal static OptionMapping ReadTree(string text, string source, IReadOnlyList<string> files)
    {
        int read = 0;
        return ReadTree(text, source, files, ref read);
    }

    private static OptionMapping ReadTree(string text, string source, IReadOnlyList<string> files, ref int read)
    {
        string folder = Path.GetDirectoryName(files[0])!;
        OptionMapping root = YamlReader.ReadRecipe(text, source, folder);
        FormerOptions.Translate(root);
        if (!root.Entries.Remove("base", out OptionNode? given))
        {
            return root;
        }

        var below = new OptionMapping(given.Origin);
        foreach (OptionNode one in given is OptionSequence { Items.Count: > 0 } several ? several.Items : [given])
        {
            Merge(below, ReadBase(one, source, folder, files, ref read));
        }

        Merge(below, root);
        return below;
    }

    private static OptionMapping ReadBase(OptionNode given, string source, string folder, IReadOnlyList<string> files, ref int read)
    {
        if (given is not OptionScalar { IsNull: false } name)
        {
            throw new UserException($"{given.Origin}: base is {given.Shown}; expected the path of a recipe to build on, or a list of them.");
        }

        string path = Path.GetFullPath(name.Text, folder);
        if (files.Contains(path))
        {
            throw new UserException($"{given.Origin}: base is {given.Shown}, which builds on this recipe; expected one that does not.");
        }

        if (files.Count > DeepestBase)
        {
            throw new UserException($"{given.Origin}: base is {given.Shown}; more than {DeepestBase} recipes that build on each other are not read.");
        }

        if (++read > MostBases)
        {
            throw new UserException($"{given.Origin}: base is {given.Shown}; more than {MostBases} recipes to build on are not read.");
        }

        return ReadTree(
            TextFile.Read(path, $"the base of {source}", LongestText), Path.GetRelativePath(Environment.CurrentDirectory, path), [path, .. files], ref read);
    }

    private static Recipe Bind(
        OptionMapping root, string source, string folder, RecipeCatalog catalog, IReadOnlyList<OptionOverride> overrides, bool requireFiles)
    {
        Override(root, overrides);
        var binder = new OptionBinder(folder, requireFiles, catalog);
        Recipe recipe = binder.Bind(root);
        HashSet<string> wrong = [.. binder.Problems.Select(problem => problem.Key)];
        string[] problems =
        [
            .. from problem in binder.Problems.Concat(
                   RecipeValidator.Check(recipe, catalog, bound: wrong.Count == 0).Where(problem => !wrong.Contains(problem.Key)))
               let origin = problem.Origin ?? binder.Origins.GetValueOrDefault(problem.Key, source)
               select $"{origin}: {problem.Key} {problem.Sentence}",
        ];
        return problems.Length == 0 ? recipe : throw new UserException(Joined(problems));
    }

    private static string Joined(string[] problems) => problems.Length <= MostProblems
        ? string.Join('\n', problems)
        : string.Join('\n', [.. problems[..MostProblems], $"... and {problems.Length - MostProblems} more problems."]);

    /// <summary>Puts what a recipe says over what it builds on; another method, or task, drops the options of the one that it replaces.</summary>
    private static void Merge(OptionMapping below, OptionMapping above)
    {
        foreach ((string name, OptionNode value) in above.Entries)
        {
            if (value is OptionMapping section && below.Entries.GetValueOrDefault(name) is OptionMapping there && !NamesAnother(there, section))
            {
                Merge(there, section);
            }
            else
            {
                below.Entries[name] = value;
            }
        }
    }

    private static bool NamesAnother(OptionMapping below, OptionMapping above) =>
        above.Entries.GetValueOrDefault("name") is { } name && below.Entries.GetValueOrDefault("name") is { } other && name.Shown != other.Shown;

    private static void Override(OptionMapping root, IReadOnlyList<OptionOverride> overrides)
    {
        foreach (string section in (string[])["method", "task"])
        {
            OptionNode? chosen = overrides.LastOrDefault(given => given.Key == $"{section}.name")?.Value;
            if (chosen is not null
                && root.Entries.GetValueOrDefault(section) is OptionMapping there
                && there.Entries.GetValueOrDefault("name")?.Shown != chosen.Shown)
            {
                root.Entries[section] = new OptionMapping(chosen.Origin);
            }
        }

        foreach (OptionOverride given in overrides)
        {
            given.Apply(root);
        }
    }
}
