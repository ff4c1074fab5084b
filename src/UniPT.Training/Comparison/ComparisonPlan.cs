using UniPT.Training.Recipes;

namespace UniPT.Training.Comparison;

/// <summary>The runs of a comparison: every method with every seed, on the same data in the same order.</summary>
public static class ComparisonPlan
{
    /// <summary>The recipes to run.</summary>
    /// <param name="recipeFile">The recipe to start from.</param>
    /// <param name="methods">
    /// Methods by name. One that the recipe does not have is taken from the file of that name beside it, such as
    /// <c>head.yaml</c>, where its learning rate and epochs are tuned for it; where there is none, the recipe's method
    /// is exchanged and everything else stays.
    /// </param>
    /// <param name="seeds">How many seeds, from 1.</param>
    /// <param name="overrides"><c>key=value</c> for all runs.</param>
    /// <exception cref="UserException">A recipe or a method is wrong.</exception>
    public static IReadOnlyList<Recipe> Create(
        string recipeFile, IReadOnlyList<string> methods, int seeds, IReadOnlyList<string> overrides)
    {
        if (methods.Count == 0 || methods.Distinct().Count() != methods.Count)
        {
            throw new UserException($"A comparison needs each method once; {(methods.Count == 0 ? "none was given" : string.Join(", ", methods) + " repeats one")}.");
        }

        return [.. methods.SelectMany(method => Enumerable.Range(1, seeds).Select(seed => Load(recipeFile, method, seed, overrides)))];
    }

    private static Recipe Load(string recipeFile, string method, int seed, IReadOnlyList<string> overrides)
    {
        string[] all = [.. overrides, $"seed={seed}"];
        Recipe recipe = Recipe.Load(recipeFile, Catalog.Recipes, all);
        if (recipe.Method.Name == method)
        {
            return recipe;
        }

        string sibling = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(recipeFile))!, $"{method}.yaml");
        return File.Exists(sibling)
            ? Recipe.Load(sibling, Catalog.Recipes, all)
            : Recipe.Load(recipeFile, Catalog.Recipes, [.. all, $"method.name={method}"]);
    }
}
