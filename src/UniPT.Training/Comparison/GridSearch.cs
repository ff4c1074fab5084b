using UniPT.Training.Contracts;
using UniPT.Training.Loop;
using UniPT.Training.Recipes;
using UniPT.Training.Runs;

namespace UniPT.Training.Comparison;

/// <summary>Values to try of some options: every combination of them is a point.</summary>
/// <param name="Axes">The options by their dotted keys, each with its values as they are typed.</param>
public sealed record OptionGrid(IReadOnlyList<(string Key, IReadOnlyList<string> Values)> Axes)
{
    private const int MostPoints = 1000;

    /// <summary>The points, as overrides of a recipe; values of the last option change fastest.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Points => Axes.Aggregate(
        (IReadOnlyList<IReadOnlyList<string>>)[[]],
        (points, axis) => [.. points.SelectMany(point => axis.Values.Select(value => (IReadOnlyList<string>)[.. point, $"{axis.Key}={value}"]))]);

    /// <summary>Reads <c>key=value,value,…</c> for each option; commas between brackets belong to a value.</summary>
    /// <exception cref="UserException">One has another form, an option or a value comes twice, or there are too many points.</exception>
    public static OptionGrid Parse(IReadOnlyList<string> axes)
    {
        (string Key, IReadOnlyList<string> Values)[] parsed = [.. axes.Select(ParseAxis)];
        if (parsed.Length == 0)
        {
            throw new UserException("A grid needs an option with the values to try: --grid train.learning_rate=1e-4,3e-4,1e-3.");
        }

        if (parsed.GroupBy(axis => axis.Key).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new UserException($"--grid names {twice.Key} twice; give all of its values once.");
        }

        long points = parsed.Aggregate(1L, (product, axis) => Math.Min(product * axis.Values.Count, int.MaxValue));
        return points <= MostPoints ? new OptionGrid(parsed) : throw new UserException($"The grid has {points} points; at most {MostPoints} are tried.");
    }

    private static (string Key, IReadOnlyList<string> Values) ParseAxis(string text)
    {
        int equals = text.IndexOf('=');
        string[] values = equals > 0 ? [.. Split(text[(equals + 1)..])] : [];
        if (values.Length == 0 || values.Any(value => value.Length == 0))
        {
            throw new UserException($"--grid {text}: expected key=value,value, such as train.learning_rate=1e-4,3e-4,1e-3.");
        }

        return values.Distinct().Count() == values.Length
            ? (text[..equals].Trim(), values)
            : throw new UserException($"--grid {text}: a value comes twice; expected each once.");
    }

    private static IEnumerable<string> Split(string values)
    {
        int depth = 0;
        int start = 0;
        for (int i = 0; i < values.Length; i++)
        {
            depth += values[i] switch { '[' => 1, ']' => -1, _ => 0 };
            if (values[i] == ',' && depth == 0)
            {
                yield return values[start..i].Trim();
                start = i + 1;
            }
        }

        yield return values[start..].Trim();
    }
}

/// <summary>A point of the grid that one method was trained with.</summary>
/// <param name="Method">The method.</param>
/// <param name="Point">The overrides.</param>
/// <param name="Result">What it reached; its label names method and point.</param>
/// <param name="IsChosen">Whether no point of the method reached more on the validation split.</param>
/// <param name="AtEdge">Options whose chosen value is the first or last of several that were tried: better ones may lie beyond.</param>
public sealed record GridTrial(string Method, IReadOnlyList<string> Point, RunResult Result, bool IsChosen, IReadOnlyList<string> AtEdge);

/// <summary>What a search over a grid found.</summary>
/// <param name="Trials">Every run of the search, method by method.</param>
/// <param name="Chosen">The runs of the chosen points with all seeds, labelled by their methods.</param>
public sealed record GridResult(IReadOnlyList<GridTrial> Trials, IReadOnlyList<RunResult> Chosen);

/// <summary>
/// Chooses options for each method from a declared grid by the validation split, all methods by the same number of tries; the test
/// split decides nothing.
/// </summary>
public static class GridSearch
{
    /// <summary>Trains every method at every point with the first seed, and at the best one with all; what is finished is not repeated.</summary>
    /// <param name="recipeFile">The recipe to start from; methods are found as in <see cref="ComparisonPlan.Create"/>.</param>
    /// <param name="methods">Methods by name.</param>
    /// <param name="grid">What to try.</param>
    /// <param name="seeds">How many seeds the chosen points get, from 1.</param>
    /// <param name="overrides"><c>key=value</c> for all runs.</param>
    /// <param name="folder">Each run gets a folder in it, named after method, point and seed.</param>
    /// <param name="observe">An observer for a run that is about to start, which gets its recipe and its label; null: none.</param>
    /// <param name="cancellation">Saves the current run and stops; the same call continues.</param>
    /// <exception cref="UserException">A recipe, a method or the grid is wrong.</exception>
    public static async Task<GridResult> RunAsync(
        string recipeFile,
        IReadOnlyList<string> methods,
        OptionGrid grid,
        int seeds,
        IReadOnlyList<string> overrides,
        string folder,
        Func<Recipe, string, ITrainingObserver?> observe,
        CancellationToken cancellation = default)
    {
        (string Method, IReadOnlyList<string> Point, Recipe Recipe)[] tries =
        [
            .. from point in grid.Points
               from recipe in ComparisonPlan.Create(recipeFile, methods, 1, [.. overrides, .. point])
               orderby methods.ToList().IndexOf(recipe.Method.Name)
               select (recipe.Method.Name, point, recipe),
        ];
        Dictionary<Recipe, string> labels = Labels(tries.Select(one => (one.Recipe, one.Point)));
        IReadOnlyList<RunResult> tried = await Run([.. tries.Select(one => one.Recipe)], labels).ConfigureAwait(false);
        FigureDefinition primary = TaskRegistry.Create(tries[0].Recipe).Primary;
        var trials = new List<GridTrial>();
        var chosen = new List<(string Method, IReadOnlyList<string> Point)>();
        foreach (string method in methods)
        {
            (IReadOnlyList<string> Point, RunResult Result)[] ofMethod =
                [.. tries.Zip(tried, (one, result) => (one.Method, one.Point, result)).Where(one => one.Method == method).Select(one => (one.Point, one.result))];
            IReadOnlyList<string> best = ofMethod.MaxBy(one => primary.Merit(one.Result.BestValidation) is var merit && double.IsFinite(merit) ? merit : double.NegativeInfinity).Point;
            chosen.Add((method, best));
            trials.AddRange(ofMethod.Select(one => new GridTrial(method, one.Point, one.Result, one.Point == best, one.Point == best ? AtEdge(grid, best) : [])));
        }

        Recipe[] recipes = [.. chosen.SelectMany(one => ComparisonPlan.Create(recipeFile, [one.Method], seeds, [.. overrides, .. one.Point]))];
        Dictionary<Recipe, string> points = Labels(recipes.Select(recipe => (recipe, chosen.First(one => one.Method == recipe.Method.Name).Point)));
        IReadOnlyList<RunResult> results = await Run(recipes, points).ConfigureAwait(false);
        return new GridResult(trials, [.. results.Select(result => result with { Label = result.Method })]);

        Task<IReadOnlyList<RunResult>> Run(IReadOnlyList<Recipe> runs, Dictionary<Recipe, string> names) =>
            ComparisonRunner.RunAsync(runs, folder, recipe => observe(recipe, names[recipe]), recipe => names[recipe], cancellation);
    }

    /// <summary>By the recipes themselves: two of the grid may be equal in all but their points' labels.</summary>
    private static Dictionary<Recipe, string> Labels(IEnumerable<(Recipe Recipe, IReadOnlyList<string> Point)> runs)
    {
        var labels = new Dictionary<Recipe, string>(ReferenceEqualityComparer.Instance);
        foreach ((Recipe recipe, IReadOnlyList<string> point) in runs)
        {
            labels.Add(recipe, Label(recipe.Method.Name, point));
        }

        return labels;
    }

    /// <summary>As folders and tables name it: the method and the values, each with the last part of its key.</summary>
    private static string Label(string method, IReadOnlyList<string> point) =>
        $"{method}-{string.Join('-', point.Select(given => given[(given[..given.IndexOf('=')].LastIndexOf('.') + 1)..].Replace('=', '_')))}".Replace('/', '_');

    private static string[] AtEdge(OptionGrid grid, IReadOnlyList<string> point) =>
    [
        .. grid.Axes.Zip(point)
            .Where(pair => pair.First.Values.Count > 1 && (pair.Second == $"{pair.First.Key}={pair.First.Values[0]}" || pair.Second == $"{pair.First.Key}={pair.First.Values[^1]}"))
            .Select(pair => pair.First.Key),
    ];
}
