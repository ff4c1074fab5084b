using UniPT.Training.Contracts;
using UniPT.Training.Features;
using UniPT.Training.Loop;
using UniPT.Training.Models;
using UniPT.Training.Recipes;
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
        foreach (IGrouping<(TaskChoice, DataOptions), Recipe> alike in recipes.DistinctBy(label).GroupBy(recipe => (recipe.Task, recipe.Data)))
        {
            RequireFitting([.. alike]);
        }

        (Recipe Recipe, string Folder)[] runs = [.. recipes.Select(recipe => (recipe, Path.Combine(folder, $"{label(recipe)}-seed{recipe.Seed}")))];
        var inputs = new Dictionary<(string Data, OptionMap<BackboneOptions> Backbones), RunInputs>();
        var finished = new Dictionary<string, RunResult?>();
        foreach ((Recipe recipe, string run) in runs.Where(run => RunDirectory.IsRun(run.Folder)))
        {
            (string, OptionMap<BackboneOptions>) named = (recipe.Data.Path, recipe.Backbones);
            RunInputs read = inputs.TryGetValue(named, out RunInputs? known) ? known : inputs[named] = InputsOf(recipe);
            RunDirectory.RequireComparable(run, RunDirectory.Settle(run, recipe), read);
            finished[run] = RunDirectory.FinishedResult(run, recipe, read);
        }

        var results = new List<RunResult>();
        using var shelf = new HiddenStateShelf();
        foreach ((Recipe recipe, string run) in runs)
        {
            RunResult result = finished.GetValueOrDefault(run)
                ?? await Trainer.RunAsync(recipe, run, RunDirectory.IsRun(run), observe(recipe), shelf, cancellation).ConfigureAwait(false);
            results.Add(result with { Label = label(recipe) });
        }

        return results;
    }

    /// <summary>Builds the models of recipes on the same data once, so that what does not fit is said before anything is trained.</summary>
    private static void RequireFitting(IReadOnlyList<Recipe> recipes)
    {
        using TaskData data = TaskRegistry.Create(recipes[0]).OpenData();
        foreach (Recipe recipe in recipes)
        {
            TaskModelBuilder.Build(TaskRegistry.Create(recipe.Settle()), data.Content).Dispose();
        }
    }

    private static RunInputs InputsOf(Recipe recipe)
    {
        using TaskData data = TaskRegistry.Create(recipe).OpenData();
        return RunInputs.Of(recipe, data.Fingerprint);
    }
}
