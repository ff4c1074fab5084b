using UniPT.Reports.Figures;
using UniPT.Reports.Sections;
using UniPT.Torch;
using UniPT.Training.Adapters;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;
using UniPT.Training.Runs;
using UniPT.Tuning;

namespace UniPT.Reports;

/// <summary>What a task may add to reports; a <see cref="LearningTask"/> implements it.</summary>
public interface IReportingTask
{
    /// <summary>A few examples of a split with how much each layer counts for them; none where the method weighs no layers.</summary>
    /// <param name="data">The task's data, fitted to the model.</param>
    /// <param name="model">The task's model, in evaluation.</param>
    /// <param name="split">The split.</param>
    /// <param name="count">How many at most.</param>
    IReadOnlyList<ConfidenceExample> Examples(TaskData data, TaskModel model, string split, int count) => [];

    /// <summary>Sections of the task's own, from top to bottom.</summary>
    /// <param name="data">The task's data.</param>
    /// <param name="runs">The runs that are compared.</param>
    IReadOnlyList<ReportSection> Sections(TaskData data, IReadOnlyList<RunResult> runs) => [];
}

/// <summary>Gathers a comparison's figures, curves and examples from its runs.</summary>
public static class ComparisonReports
{
    private const int Examples = 3;

    /// <summary>The report of finished runs.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="recipe">Any of the recipes that ran, for the task and its data.</param>
    /// <param name="results">All runs.</param>
    /// <exception cref="UserException">The data, or an adapter of a run, are missing or broken.</exception>
    public static ComparisonReport Create(string title, Recipe recipe, IReadOnlyList<RunResult> results)
    {
        LearningTask task = TaskRegistry.Create(recipe);
        using TaskData data = task.OpenData();
        string split = data.MeasuredSplit;
        return new ComparisonReport(
            title,
            DateTimeOffset.UtcNow,
            new DataFacts(Path.GetFileName(recipe.Data.Path), [.. data.Splits.Where(part => part.Examples > 0).Select(part => new DataSplit(part.Name, part.Examples, part.Contents))]),
            task.Figures,
            data.Chance(split) is { Count: > 0 } chance ? chance : null,
            MethodFigures.Of(results),
            [.. results.Where(run => run.Folder.Length > 0).DistinctBy(run => run.Label).Select(run => Curve.Read(run.Label, Path.Combine(run.Folder, "metrics.jsonl"), task.Primary))],
            task is IReportingTask reporting ? Confidence(reporting, data, split, results) : [],
            (task as IReportingTask)?.Sections(data, results) ?? [],
            [new ComponentVersion("libtorch", TorchRuntime.Version), new ComponentVersion("UniPT for .NET", typeof(ComparisonReports).Assembly.GetName().Version!.ToString(3))]);
    }

    /// <summary>The layers' weights of one example, by a stream's name.</summary>
    /// <param name="stream">As readers see it.</param>
    /// <param name="tuned">The stream's method.</param>
    /// <param name="features">What it gave of the one example.</param>
    public static StreamWeights WeightsOf(string stream, TunedBackbone tuned, TunedFeatures features) => new(
        stream,
        features.Confidence is { } confidence ? [.. tuned.MergedLayers.Zip(confidence.select(0, 0).ToArray<float>(), (layer, weight) => new LayerWeight(layer, weight))] : []);

    /// <summary>Of the first run whose method weighs layers.</summary>
    private static IReadOnlyList<ConfidenceExample> Confidence(IReportingTask task, TaskData data, string split, IReadOnlyList<RunResult> results)
    {
        if (results.FirstOrDefault(run => run is { Method: "unipt", Folder.Length: > 0 }) is not { } weighing)
        {
            return [];
        }

        using DisposeScope scope = torch.NewDisposeScope();
        using var adapter = Adapter.Load(Path.Combine(weighing.Folder, "adapter"));
        data.Fit(adapter.Model);
        using IDisposable inference = torch.inference_mode();
        return task.Examples(data, adapter.Model, split, Examples);
    }
}
