using UniPT.Reports.Figures;
using UniPT.Reports.Summary;
using UniPT.Training.Contracts;

namespace UniPT.Reports.Table;

/// <summary>The figures of a comparison as text, a column for each method; the terminal and the page show the same.</summary>
public static class FigureTable
{
    /// <summary>The table's groups. Figures that no method has, such as those of another data set, are no rows, and conditions are where methods differ in them.</summary>
    /// <param name="methods">The methods.</param>
    /// <param name="figures">The task's figures.</param>
    /// <param name="chance">What guessing would reach, by name; null where unknown.</param>
    public static IReadOnlyList<FigureGroup> Of(
        IReadOnlyList<MethodFigures> methods, IReadOnlyList<FigureDefinition> figures, IReadOnlyDictionary<string, double>? chance)
    {
        return
        [
            .. figures.Where(figure => IsShown(figure, methods)).GroupBy(figure => figure.Group).Select(group =>
                new FigureGroup(group.Key, [.. group.Select(figure => FigureRow.Of(figure, methods, chance))])),
            new("Memory of a training step",
            [
                Bytes("Weights", method => method.StepMemory.Weights),
                Bytes("Activations", method => method.StepMemory.Activations),
                Bytes("Gradients", method => method.StepMemory.Gradients),
                Bytes("Optimizer", method => method.StepMemory.Optimizer),
                Bytes("Tensors in all", method => method.StepMemory.Peak),
            ]),
            new("Memory of the run", [Bytes("Process at peak", method => method.ProcessPeak)]),
            new("Parameters",
            [
                FigureRow.Cost("Trained", methods, method => method.TrainableParameters, method => Units.Count(method.TrainableParameters)),
                FigureRow.Fact("All", methods, method => Units.Count(method.TotalParameters)),
                FigureRow.Fact("Trained share", methods, method => Units.Share((double)method.TrainableParameters / method.TotalParameters)),
            ]),
            new("Training",
            [
                FigureRow.Cost("Time per epoch", methods, method => method.SecondsPerEpoch, method => Units.Seconds(method.SecondsPerEpoch)),
                FigureRow.Fact("Best epoch", methods, method => List([.. method.BestEpochs.Select(epoch => epoch + 1L)])),
                FigureRow.Fact("Seeds", methods, method => List([.. method.Seeds])),
                .. Condition.Of(methods).Where(condition => !condition.IsShared(methods)).Select(condition =>
                    FigureRow.Fact(condition.Name, methods, condition.Value)),
            ]),
        ];

        FigureRow Bytes(string name, Func<MethodFigures, long?> bytes) =>
            FigureRow.Cost(name, methods, method => bytes(method) ?? double.NaN, method => Units.Bytes(bytes(method)));

        static string List(IReadOnlyCollection<long> numbers) => numbers.Count == 0 ? Units.Missing : string.Join(", ", numbers);
    }

    private static bool IsShown(FigureDefinition figure, IReadOnlyList<MethodFigures> methods) =>
        figure.IsPrimary || methods.All(method => method.Figures is null) || methods.Any(method => method.Figure(figure) is not null);

    /// <summary>The main figures for a table with little room: the task's that have a short title, then trained weights, memory and time.</summary>
    /// <param name="methods">The methods.</param>
    /// <param name="figures">The task's figures.</param>
    /// <param name="chance">What guessing would reach, by name; null where unknown.</param>
    public static IReadOnlyList<FigureRow> Short(
        IReadOnlyList<MethodFigures> methods, IReadOnlyList<FigureDefinition> figures, IReadOnlyDictionary<string, double>? chance) =>
    [
        .. figures.Where(figure => figure.ShortTitle is not null).Select(figure => FigureRow.Of(figure, methods, chance) with { Name = figure.ShortTitle! }),
        FigureRow.Cost("trained", methods, method => method.TrainableParameters, method => Units.Count(method.TrainableParameters)),
        FigureRow.Cost("tensors", methods, method => method.StepMemory.Peak ?? double.NaN, method => Units.Bytes(method.StepMemory.Peak)),
        FigureRow.Cost("epoch", methods, method => method.SecondsPerEpoch, method => Units.Seconds(method.SecondsPerEpoch)),
    ];

    /// <summary>The conditions that all methods have in common, as a sentence; empty where there are none.</summary>
    public static string Shared(IReadOnlyList<MethodFigures> methods)
    {
        string[] shared =
        [
            .. Condition.Of(methods).Where(condition => methods.Count > 0 && condition.IsShared(methods)).Select(condition =>
                $"{condition.Name.ToLowerInvariant()} {condition.Value(methods[0])}"),
        ];
        return shared.Length == 0 ? "" : $"The same for all methods: {Units.List(shared)}.";
    }
}

/// <summary>Rows of a table of figures that belong together.</summary>
/// <param name="Name">What they have in common.</param>
/// <param name="Rows">The rows.</param>
public sealed record FigureGroup(string Name, IReadOnlyList<FigureRow> Rows);

/// <summary>A row of a table of figures.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Cells">A cell for each method.</param>
/// <param name="Chance">What guessing would reach; null where that is unknown, or the row has no such thing.</param>
public sealed record FigureRow(string Name, IReadOnlyList<FigureCell> Cells, string? Chance = null)
{
    /// <summary>A row without a best.</summary>
    internal static FigureRow Fact(string name, IReadOnlyList<MethodFigures> methods, Func<MethodFigures, string> text) =>
        new(name, [.. methods.Select(method => new FigureCell(text(method)))]);

    /// <summary>A row in which the smallest figure is best.</summary>
    internal static FigureRow Cost(
        string name, IReadOnlyList<MethodFigures> methods, Func<MethodFigures, double> cost, Func<MethodFigures, string> text)
    {
        bool[] best = Best([.. methods.Select(method => -cost(method))]);
        return new FigureRow(name, [.. methods.Select((method, index) => new FigureCell(text(method), IsBest: best[index]))]);
    }

    /// <summary>A row of one of the task's figures.</summary>
    internal static FigureRow Of(FigureDefinition figure, IReadOnlyList<MethodFigures> methods, IReadOnlyDictionary<string, double>? chance)
    {
        bool[] best = Best([.. methods.Select(method => figure.Merit(method.Mean(figure)))]);
        IEnumerable<FigureCell> cells = methods.Select((method, index) => new FigureCell(
            Units.Figure(figure.Unit, method.Mean(figure)),
            method.Figure(figure)?.Deviation is { } deviation ? Units.Deviation(figure.Unit, deviation) : null,
            best[index]));
        return new FigureRow(
            figure.Title, [.. cells], chance?.TryGetValue(figure.Name, out double guessing) == true ? Units.Figure(figure.Unit, guessing) : null);
    }

    private static bool[] Best(double[] merits)
    {
        double[] finite = [.. merits.Where(double.IsFinite)];
        return [.. merits.Select(merit => finite.Length > 1 && finite.Min() < finite.Max() && merit == finite.Max())];
    }
}

/// <summary>A method's cell of a table of figures.</summary>
/// <param name="Text">The figure with its unit.</param>
/// <param name="Deviation">How far seeds are apart, such as <c>± 0.6</c>; null where there is one seed or no such figure.</param>
/// <param name="IsBest">Whether it is the best of its row; never where a row has no best or all are equal.</param>
public sealed record FigureCell(string Text, string? Deviation = null, bool IsBest = false);
