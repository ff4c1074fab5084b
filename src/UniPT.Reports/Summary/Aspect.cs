using UniPT.Reports.Figures;
using UniPT.Training.Contracts;

namespace UniPT.Reports.Summary;

/// <summary>One thing that methods can be best at: the task's primary figure, or a cost, of which less is better.</summary>
/// <param name="Name">In a sentence, such as <c>memory</c>.</param>
/// <param name="Measure">What being best means, such as <c>Fewest trained parameters</c>.</param>
/// <param name="Value">A method's figure; NaN where it has none.</param>
/// <param name="Format">The figure with its unit.</param>
/// <param name="Tolerance">Costs that differ by a smaller share are called equal: they vary more from run to run.</param>
/// <param name="Figure">The task's figure; null for a cost.</param>
internal sealed record Aspect(
    string Name,
    string Measure,
    Func<MethodFigures, double> Value,
    Func<MethodFigures, string> Format,
    double Tolerance = 0,
    FigureDefinition? Figure = null)
{
    internal const string Quality = "quality";
    internal const string Memory = "memory";
    internal const string Time = "time";

    /// <summary>Quality by a task's primary figure, and what it costs.</summary>
    internal static IReadOnlyList<Aspect> Of(FigureDefinition primary) =>
    [
        new(
            Quality,
            $"{(primary.LargerIsBetter ? "Highest" : "Lowest")} {primary.ShortName()} on the test split",
            method => method.Mean(primary),
            method => Units.Figure(primary.Unit, method.Figure(primary)),
            Figure: primary),
        new(
            Memory,
            "Least memory of a training step",
            method => method.StepMemory.Peak ?? double.NaN,
            method => Units.Bytes(method.StepMemory.Peak),
            Tolerance: 0.01),
        new(
            Time,
            "Least time per epoch",
            method => method.SecondsPerEpoch,
            method => Units.Seconds(method.SecondsPerEpoch),
            Tolerance: 0.05),
        new(
            "parameters",
            "Fewest trained parameters",
            method => method.TrainableParameters,
            method => Units.Count(method.TrainableParameters)),
    ];

    internal bool Measured(MethodFigures method) => double.IsFinite(Value(method));

    /// <summary>A method's figure so that larger is better.</summary>
    internal double Merit(MethodFigures method) => Figure?.Merit(Value(method)) ?? -Value(method);

    /// <summary>The best methods: more than one where the figures cannot tell them apart. Methods without a figure are left out.</summary>
    internal IReadOnlyList<MethodFigures> Best(IReadOnlyList<MethodFigures> methods)
    {
        MethodFigures[] measured = [.. methods.Where(Measured)];
        MethodFigures? best = measured.MaxBy(Merit);
        return best is null ? [] : [.. measured.Where(method => Same(method, best))];
    }

    /// <summary>Another method beside the best one: the figure itself for quality, how many times as much for a cost.</summary>
    internal string Beside(MethodFigures other, MethodFigures best) =>
        Figure is not null || Value(best) <= 0 ? Format(other) : Units.Ratio(Value(other) / Value(best));

    private bool Same(MethodFigures method, MethodFigures best)
    {
        double difference = Math.Abs(Value(method) - Value(best));
        return difference <= (Figure is null ? Tolerance * Value(best) : Math.Max(Noise(Figure, method, best), Units.HalfDigit(Figure.Unit, Value(best))));
    }

    /// <summary>The standard deviation of a difference between two runs; 0 where seeds do not tell.</summary>
    private static double Noise(FigureDefinition figure, MethodFigures one, MethodFigures other) =>
        double.Hypot(one.Figure(figure)?.Deviation ?? 0, other.Figure(figure)?.Deviation ?? 0);
}
