using UniPT.Training.Reports.Figures;

namespace UniPT.Training.Reports.Html;

/// <summary>A row of the table of figures.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Text">A method's cell.</param>
/// <param name="Rank">What the best cell is found by, smaller is better; null where none is best.</param>
/// <param name="Chance">A random order's cell, where it has one.</param>
/// <param name="Deviation">What seeds are apart in a method's cell; null where there is no such figure.</param>
internal sealed record FigureRow(
    string Name,
    Func<MethodFigures, string> Text,
    Func<MethodFigures, double>? Rank = null,
    string? Chance = null,
    Func<MethodFigures, double?>? Deviation = null)
{
    internal static FigureRow Recall(string name, RecallFigures? chance, Func<RecallFigures, Statistic> recall) => new(
        name,
        method => method.Recalls is { } recalls ? Units.Recall(recall(recalls).Mean) : Units.Missing,
        method => method.Recalls is { } recalls ? -recall(recalls).Mean : double.NaN,
        chance is null ? null : Units.Recall(recall(chance).Mean),
        method => method.Recalls is { } recalls ? recall(recalls).Deviation : null);

    internal static FigureRow Bytes(string name, Func<MethodFigures, long?> bytes) => new(
        name, method => Units.Bytes(bytes(method)), method => bytes(method) ?? double.NaN);

    /// <summary>Whether a method's cell is the best of the row, or level with it; never where there is nothing to compare with.</summary>
    internal bool IsBest(MethodFigures method, IReadOnlyList<MethodFigures> methods)
    {
        if (Rank is null)
        {
            return false;
        }

        double[] ranks = [.. methods.Select(Rank).Where(double.IsFinite)];
        return ranks.Length > 1 && ranks.Min() < ranks.Max() && Rank(method) == ranks.Min();
    }
}
