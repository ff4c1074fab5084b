using UniPT.Training.Recipes;
using UniPT.Training.Recipes.Binding;

namespace UniPT.Training.Studies;

/// <summary>One recipe in several variants that differ in a few options, to see what these do.</summary>
/// <param name="Name">The study's name, its file's without extension.</param>
/// <param name="RecipeFile">The recipe that all variants start from.</param>
/// <param name="Variants">The variants.</param>
public sealed record Study(string Name, string RecipeFile, IReadOnlyList<StudyVariant> Variants)
{
    /// <summary>Reads a study: a YAML file with <c>recipe</c>, a path beside it, and <c>variants</c>, a list of overrides each.</summary>
    /// <exception cref="UserException">It is none; all variants are checked only by <see cref="Plan"/>.</exception>
    public static Study Load(string file) => StudyReader.Read(file);

    /// <summary>The study of a file, or of that name in a folder of studies.</summary>
    /// <param name="name">A study's file or its name.</param>
    /// <param name="folder">The folder; null for none.</param>
    /// <exception cref="UserException">There is no such study.</exception>
    public static Study Find(string name, string? folder)
    {
        if (File.Exists(name))
        {
            return Load(name);
        }

        string[] files = folder is not null && Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "*.yaml").Order(StringComparer.Ordinal)] : [];
        string[] known = [.. files.Select(file => Path.GetFileNameWithoutExtension(file))];
        int found = Array.IndexOf(known, name);
        if (found >= 0)
        {
            return Load(files[found]);
        }

        string hint = Spelling.Nearest(name, known) is { } near ? $" (did you mean {near}?)" : "";
        throw new UserException($"There is no study {name}{hint}; expected a study's file{(known.Length > 0 ? $" or one of {string.Join(", ", known)}" : "")}.");
    }

    /// <summary>The recipes to run: every variant with every seed, named after the variant.</summary>
    /// <param name="seeds">How many seeds, from 1.</param>
    /// <param name="overrides"><c>key=value</c> for all runs, over the variants'.</param>
    /// <exception cref="UserException">The recipe or a variant is wrong.</exception>
    public IReadOnlyList<Recipe> Plan(int seeds, IReadOnlyList<string> overrides) =>
        [.. Variants.SelectMany(variant => Enumerable.Range(1, seeds).Select(seed => Load(variant.Name, variant.Overrides, [.. overrides, $"seed={seed}", $"name={variant.Name}"])))];

    private Recipe Load(string variant, IEnumerable<string> varied, string[] typed)
    {
        try
        {
            // Paths of a variant belong to the recipe that it varies.
            string folder = Path.GetDirectoryName(RecipeFile)!;
            return RecipeReader.Read(RecipeFile, Catalog.Recipes, [.. varied.Select(given => OptionOverride.Parse(given, folder)), .. OptionOverride.Typed(typed)]);
        }
        catch (UserException error)
        {
            throw new UserException($"The variant {variant} of the study {Name}: {error.Message}", error);
        }
    }
}

/// <summary>One of the variants that a study compares.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Overrides">What it changes of the study's recipe, <c>key=value</c> each.</param>
public sealed record StudyVariant(string Name, IReadOnlyList<string> Overrides);
