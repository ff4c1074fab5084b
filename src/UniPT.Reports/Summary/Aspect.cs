using UniPT.Reports.Figures;

namespace UniPT.Reports.Summary;

/// <summary>One thing that methods can be best at.</summary>
/// <param name="Name">In a sentence, such as <c>memory</c>.</param>
/// <param name="Measure">What being best means, such as <c>Fewest trained parameters</c>.</param>
/// <param name="Value">A method's figure; NaN where it has none.</param>
/// <param name="Format">The figure with its unit.</param>
/// <param name="Tolerance">Costs that differ by a smaller share are called equal: they vary more from run to run.</param>
/// <param name="LargerIsBetter">Whether the figure is no cost.</param>
internal sealed record Aspect(
    string Name,
    string Measure,
    Func<MethodFigures, double> Value,
    Func<MethodFigures, string> Format,
    double Tolerance = 0,
    bool LargerIsBetter = false)
{
    internal static readonly Aspect Quality = new(
        "quality",
        "Highest rSum on the test split",
        method => method.Recalls?.RSum.Mean ?? double.NaN,
        method => method.Recalls is { } recalls ? Units.Recall(recalls.RSum) : Units.Missing,
        LargerIsBetter: true);

    internal static readonly Aspect Memory = new(
        "memory",
        "Least memory of a training step",
        method => method.StepMemory.Peak ?? double.NaN,
        method => Units.Bytes(method.StepMemory.Peak),
        Tolerance: 0.01);

    internal static readonly Aspect Time = new(
        "time",
        "Least time per epoch",
        method => method.SecondsPerEpoch,
        method => Units.Seconds(method.SecondsPerEpoch),
        Tolerance: 0.05);

    internal static readonly Aspect Parameters = new(
        "parameters",
        "Fewest trained parameters",
        method => method.TrainableParameters,
        method => Units.Count(method.TrainableParameters));

    internal static IReadOnlyList<Aspect> All { get; } = [Quality, Memory, Time, Parameters];

    internal bool Measured(MethodFigures method) => double.IsFinite(Value(method));

    /// <summary>The best methods: more than one where the figures cannot tell them apart. Methods without a figure are left out.</summary>
    internal IReadOnlyList<MethodFigures> Best(IReadOnlyList<MethodFigures> methods)
    {
        MethodFigures[] measured = [.. methods.Where(Measured)];
        MethodFigures? best = LargerIsBetter ? measured.MaxBy(Value) : measured.MinBy(Value);
        return best is null ? [] : [.. measured.Where(method => Same(method, best))];
    }

    /// <summary>Another method beside the best one: the figure itself for quality, how many times as much for a cost.</summary>
    internal string Beside(MethodFigures other, MethodFigures best) =>
        LargerIsBetter || Value(best) <= 0 ? Format(other) : Units.Ratio(Value(other) / Value(best));

    private bool Same(MethodFigures method, MethodFigures best)
    {
        double difference = Math.Abs(Value(method) - Value(best));
        return LargerIsBetter
            ? difference <= Math.Max(Noise(method, best), 0.05)
            : difference <= Tolerance * Value(best);
    }

    /// <summary>The standard deviation of a difference between two runs; 0 where seeds do not tell.</summary>
    private static double Noise(MethodFigures one, MethodFigures other) =>
        double.Hypot(one.Recalls?.RSum.Deviation ?? 0, other.Recalls?.RSum.Deviation ?? 0);
}
