using UniPT.Training.Runs;

namespace UniPT.Training.Comparison;

/// <summary>The runs of one method over several seeds.</summary>
/// <param name="Method">Its name.</param>
/// <param name="Runs">At least one.</param>
public sealed record MethodSummary(string Method, IReadOnlyList<RunResult> Runs)
{
    /// <summary>Groups runs by method, in the order in which the methods came.</summary>
    public static IReadOnlyList<MethodSummary> Of(IEnumerable<RunResult> results) =>
        [.. results.GroupBy(result => result.Method).Select(group => new MethodSummary(group.Key, [.. group]))];

    /// <summary>The mean of a test figure over the seeds.</summary>
    public double Mean(string figure) => Runs.Average(run => run.Test[figure]);

    /// <summary>The sample deviation of a test figure over the seeds; 0 for one seed.</summary>
    public double Deviation(string figure)
    {
        double mean = Mean(figure);
        return Runs.Count < 2 ? 0 : Math.Sqrt(Runs.Sum(run => Math.Pow(run.Test[figure] - mean, 2)) / (Runs.Count - 1));
    }
}
