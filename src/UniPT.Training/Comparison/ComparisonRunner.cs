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
    /// <exception cref="UserException">
    /// Something is wrong; what does not fit a backbone, and a run that is there already and read something else, is said before the first run.
    /// </exception>
    public static async Task<IReadOnlyList<RunResult>> RunAsync(
        IReadOnlyList<Recipe> recipes, string folder, Func<Recipe, ITrainingObserver?> observe, Func<Recipe, string>? label = null, CancellationToken cancellation = default)
    {
        label ??= recipe => recipe.Method.Name;
        foreach (Recipe recipe in recipes.DistinctBy(label))
        {
            RetrievalModelBuilder.Build(recipe.Settle()).Model.Dispose();
        }

        (Recipe Recipe, string Folder)[] runs = [.. recipes.Select(recipe => (recipe, Path.Combine(folder, $"{label(recipe)}-seed{recipe.Seed}")))];
        var inputs = new Dictionary<(string Data, TowerOptions Image, TextTowerOptions Text), RunInputs>();
        var finished = new Dictionary<string, RunResult?>();
        foreach ((Recipe recipe, string run) in runs.Where(run => RunDirectory.IsRun(run.Folder)))
        {
            (string, TowerOptions, TextTowerOptions) named = (recipe.Data.Path, recipe.Image, recipe.Text);
            RunInputs read = inputs.TryGetValue(named, out RunInputs? known) ? known : inputs[named] = InputsOf(recipe);
            RunDirectory.RequireComparable(run, RunDirectory.Settle(run, recipe), read);
            finished[run] = RunDirectory.FinishedResult(run, recipe, read);
        }

        var results = new List<RunResult>();
        using var shelf = new CacheShelf();
        foreach ((Recipe recipe, string run) in runs)
        {
            RunResult result = finished.GetValueOrDefault(run)
                ?? await Trainer.RunAsync(recipe, run, RunDirectory.IsRun(run), observe(recipe), shelf, cancellation).ConfigureAwait(false);
            results.Add(result with { Label = label(recipe) });
        }

        return results;
    }

    private static RunInputs InputsOf(Recipe recipe)
    {
        using RetrievalData data = RetrievalData.Open(recipe);
        return RunInputs.Of(recipe, data.Set.Fingerprint);
    }
}
