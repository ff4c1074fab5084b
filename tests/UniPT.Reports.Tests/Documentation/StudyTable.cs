using UniPT.Reports.Figures;
using UniPT.Training.Contracts;
using UniPT.Training.Runs;

namespace UniPT.Reports.Tests.Documentation;

/// <summary>A study's committed results as the table of docs/studies.md.</summary>
internal static class StudyTable
{
    /// <summary>A row a variant. Differences from the first are between runs of one seed, which see the data in the same order.</summary>
    public static string Markdown(IReadOnlyList<RunResult> runs)
    {
        ILookup<string, RunResult> variants = runs.ToLookup(run => run.Name);
        string first = runs[0].Name;
        IEnumerable<string> rows = variants.Select(variant => string.Join(" | ",
            $"| {variant.Key}",
            Units.Figure(FigureUnit.Points, Statistic.Of([.. variant.Select(RSum)])),
            variant.Key == first ? "" : Difference([.. variant.Zip(variants[first], (run, other) => RSum(run) - RSum(other))]),
            Units.Count(variant.First().TrainableParameters),
            $"{Units.Bytes(variant.Max(run => run.StepMemory.Peak))} |"));
        return string.Join('\n', [$"| Variant | rSum | against {first} | trained | tensors of a step |", "| --- | ---: | ---: | ---: | ---: |", .. rows]);
    }

    private static double RSum(RunResult run) => run.Test["rsum"];

    private static string Difference(double[] differences)
    {
        var difference = Statistic.Of(differences);
        return $"{(difference.Mean < 0 ? "−" : "+")}{Units.Figure(FigureUnit.Points, difference with { Mean = Math.Abs(difference.Mean) })}";
    }
}
