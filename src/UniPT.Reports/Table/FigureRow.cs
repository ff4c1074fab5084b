using UniPT.Reports.Figures;

namespace UniPT.Reports.Table;

/// <summary>A row of a table of figures.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Cells">A cell for each method.</param>
/// <param name="Chance">The figure of a random order, where there is one.</param>
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

    /// <summary>A row of recalls, in which the largest is best.</summary>
    internal static FigureRow Recall(
        string name, IReadOnlyList<MethodFigures> methods, RecallFigures? chance, Func<RecallFigures, Statistic> recall)
    {
        Statistic[] recalls = [.. methods.Select(method => method.Recalls is { } found ? recall(found) : new Statistic(double.NaN))];
        bool[] best = Best([.. recalls.Select(figure => figure.Mean)]);
        IEnumerable<FigureCell> cells = recalls.Select((figure, index) => new FigureCell(
            Units.Recall(figure.Mean), figure.Deviation is { } deviation ? Units.Deviation(deviation) : null, best[index]));
        return new FigureRow(name, [.. cells], chance is null ? null : Units.Recall(recall(chance).Mean));
    }

    private static bool[] Best(double[] merits)
    {
        double[] finite = [.. merits.Where(double.IsFinite)];
        return [.. merits.Select(merit => finite.Length > 1 && finite.Min() < finite.Max() && merit == finite.Max())];
    }
}
