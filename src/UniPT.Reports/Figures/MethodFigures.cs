using UniPT.Training.Contracts;
using UniPT.Training.Loop;
using UniPT.Training.Runs;

namespace UniPT.Reports.Figures;

/// <summary>What training one method took and what it achieved, over one or more seeds.</summary>
/// <param name="Method">The method's registered name.</param>
/// <param name="Label">What readers see; differs between methods of one report.</param>
/// <param name="Seeds">A run for each.</param>
/// <param name="Epochs">Epochs that each run had.</param>
/// <param name="BestEpochs">The epoch that was kept, from 0, one for each seed.</param>
/// <param name="TrainableParameters">Parameters that training changes.</param>
/// <param name="TotalParameters">All parameters, frozen ones included.</param>
/// <param name="StepMemory">The training step that held the most tensor bytes; its peak is null where it was not measured.</param>
/// <param name="ProcessPeak">The most bytes of memory that the process held; null where the system does not tell.</param>
/// <param name="SecondsPerEpoch">Training time of an epoch without its evaluation; NaN where none was completed.</param>
/// <param name="Figures">The task's figures on the test split by name; one that could not be measured is left out. Null where training failed.</param>
/// <param name="Conditions">What the figures were measured under.</param>
/// <param name="Note">What readers must know beside the figures.</param>
public sealed record MethodFigures(
    string Method,
    string Label,
    IReadOnlyList<long> Seeds,
    int Epochs,
    IReadOnlyList<int> BestEpochs,
    long TrainableParameters,
    long TotalParameters,
    StepMemory StepMemory,
    long? ProcessPeak,
    double SecondsPerEpoch,
    IReadOnlyDictionary<string, Statistic>? Figures,
    RunConditions Conditions,
    string? Note = null)
{
    /// <summary>
    /// The runs of each label together, in the order in which they came: means of figures and time, the largest memory.
    /// </summary>
    public static IReadOnlyList<MethodFigures> Of(IEnumerable<RunResult> runs) =>
        [.. runs.GroupBy(run => run.Label).Select(method => Of(method.Key, [.. method]))];

    /// <summary>One of the figures; null where the method does not have it.</summary>
    public Statistic? Figure(FigureDefinition figure) => Figures?.GetValueOrDefault(figure.Name);

    /// <summary>Its mean over seeds; NaN where the method does not have it.</summary>
    internal double Mean(FigureDefinition figure) => Figure(figure)?.Mean ?? double.NaN;

    private static MethodFigures Of(string label, RunResult[] runs) => new(
        runs[0].Method,
        label,
        [.. runs.Select(run => run.Seed)],
        runs[0].Epochs,
        [.. runs.Select(run => run.BestEpoch)],
        runs[0].TrainableParameters,
        runs[0].TotalParameters,
        runs.Select(run => run.StepMemory).Aggregate(StepMemory.Larger),
        runs.Max(run => run.ProcessPeak),
        runs.Average(run => run.SecondsPerEpoch),
        FiguresOf([.. runs.Select(run => run.Test)]),
        runs[0].Conditions,
        runs[0].Note);

    /// <summary>Figures that every seed has: a mean over some of them would not compare with others.</summary>
    private static Dictionary<string, Statistic> FiguresOf(IReadOnlyDictionary<string, double>[] seeds) => seeds[0].Keys
        .Where(name => seeds.All(seed => seed.ContainsKey(name)))
        .ToDictionary(name => name, name => Statistic.Of([.. seeds.Select(seed => seed[name])]));
}
