using UniPT.Reports;
using UniPT.Training.Contracts;

namespace UniPT.Cli.Output;

/// <summary>A task's figures of one evaluation as lines.</summary>
internal static class FigureLines
{
    /// <summary>A figure by its short name, such as <c>rSum 284.1</c>.</summary>
    internal static string Of(FigureDefinition figure, double value) => $"{figure.ShortTitle ?? figure.Title} {Units.Figure(figure.Unit, value)}";

    /// <summary>A line for each group of figures, the primary figure last.</summary>
    internal static void Write(TextWriter output, IReadOnlyList<FigureDefinition> figures, IReadOnlyDictionary<string, double> values)
    {
        var primary = FigureDefinition.PrimaryOf(figures);
        FigureDefinition[] known = [.. figures.Where(figure => values.ContainsKey(figure.Name) && figure != primary)];
        int width = known.Select(figure => figure.Group.Length).DefaultIfEmpty().Max();
        foreach (IGrouping<string, FigureDefinition> group in known.GroupBy(figure => figure.Group))
        {
            output.WriteLine($"  {group.Key.PadRight(width)}  {string.Join("  ", group.Select(figure => $"{figure.Title} {Units.Figure(figure.Unit, values[figure.Name])}"))}");
        }

        output.WriteLine($"  {Of(primary, values[primary.Name])}");
    }
}
