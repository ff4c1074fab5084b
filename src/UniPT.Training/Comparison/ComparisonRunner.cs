using UniPT.Training.Loop;
using UniPT.Training.Recipes;
using UniPT.Training.Retrieval;
using UniPT.Training.Runs;

namespace UniPT.Training.Comparison;

/// <summary>Runs several recipes one after another; what is finished is not repeated, what was stopped continues.</summary>
public static class ComparisonRunner
{
    /// <summary>Trains all recipes below a folder.</summary>
    /// <param name="recipes">As <see cref="ComparisonPlan.Create"/> and <see cref="Studies.Study.Plan"/> give them.</param>
    /// <param name="folder">Each run gets a folder in it, named after label and seed.</param>
    /// <param name="observe">An observer for a run that is about to start; null: none.</param>
    /// <param name="label">What sets recipes apart that differ in more than the seed; null for the method.</param>
    /// <param name="cancellation">Saves the current run and stops.</param>
    /// <exception cref="UserException">Something is wrong; what does not fit a backbone is said before the first run.</exception>
    public static async Task<IReadOnlyList<RunResult>> RunAsync(
        IReadOnlyList<Recipe> recipes, string folder, Func<Recipe, ITrainingObserver?> observe, Func<Recipe, string>? label = null, CancellationToken cancellation = default)
    {
        label ??= recipe => recipe.Method.Name;
        foreach (Recipe recipe in recipes.DistinctBy(label))
        {
            RetrievalModelBuilder.Build(recipe.Settle()).Model.Dispose();
        }

        var results = new List<RunResult>();
        using var shelf = new CacheShelf();
        foreach (Recipe recipe in recipes)
        {
            string run = Path.Combine(folder, $"{label(recipe)}-seed{recipe.Seed}");
            RunResult result = RunDirectory.FinishedResult(run, recipe)
                ?? await Trainer.RunAsync(recipe, run, RunDirectory.IsRun(run), observe(recipe), shelf, cancellation).ConfigureAwait(false);
            results.Add(result with { Label = label(recipe) });
        }

        return results;
    }
}
