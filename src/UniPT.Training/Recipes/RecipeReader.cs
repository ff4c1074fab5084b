using System.Text;
using UniPT.Training.Recipes.Binding;

namespace UniPT.Training.Recipes;

/// <summary>From a file and overrides to a checked recipe.</summary>
internal static class RecipeReader
{
    private const int LargestFile = 1 << 20;
    private const int MostProblems = 20;

    /// <summary>See <see cref="Recipe.Load"/>.</summary>
    internal static Recipe Read(string path, RecipeCatalog catalog, IReadOnlyList<string> overrides) =>
        Parse(ReadText(path), path, Path.GetDirectoryName(Path.GetFullPath(path))!, catalog, overrides);

    /// <summary>Reads a recipe's text.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="source">The file's name in messages.</param>
    /// <param name="folder">Where paths are looked for first.</param>
    /// <param name="catalog">What it may choose from.</param>
    /// <param name="overrides">See <see cref="Recipe.Load"/>.</param>
    internal static Recipe Parse(
        string text, string source, string folder, RecipeCatalog catalog, IReadOnlyList<string> overrides)
    {
        OptionNode document = YamlReader.Read(text, line => $"{source}:{line}");
        string found = document is OptionScalar { IsNull: true } ? "nothing" : document.Shown;
        OptionMapping root = document as OptionMapping
            ?? throw new UserException($"{source} holds {found}; expected a recipe's sections.");
        Override(root, [.. overrides.Select(OptionOverride.Parse)]);

        var binder = new OptionBinder(folder, catalog);
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

    private static void Override(OptionMapping root, OptionOverride[] overrides)
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

    private static string ReadText(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            byte[] bytes = new byte[LargestFile + 1];
            int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > LargestFile)
            {
                throw new UserException($"The recipe {path} is larger than {LargestFile} bytes; expected a few lines.");
            }

            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, 0, length).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException error)
        {
            throw new UserException($"The recipe {path} is not UTF-8 text; expected YAML.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            string found = Directory.Exists(path) ? "it is a folder"
                : File.Exists(path) ? error.Message
                : "there is no such file";
            throw new UserException($"Cannot read the recipe {path}: {found.TrimEnd('.')}.", error);
        }
    }
}
