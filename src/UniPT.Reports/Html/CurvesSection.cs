using System.Xml.Linq;
using UniPT.Reports.Charts;
using UniPT.Reports.Figures;
using UniPT.Reports.Summary;
using UniPT.Training.Contracts;

namespace UniPT.Reports.Html;

/// <summary>How training went: the loss of the steps and the primary figure of the epochs.</summary>
internal static class CurvesSection
{
    private const int MostLossPoints = 120;

    internal static XElement? Render(ComparisonReport report)
    {
        FigureDefinition primary = report.Primary;
        string name = primary.ShortName();
        string[] labels = [.. report.Methods.Select(method => method.Label)];
        Curve[] curves = [.. report.Curves];
        int bin = 1 + (curves.Select(curve => curve.Loss.Count).DefaultIfEmpty().Max() / MostLossPoints);
        XElement?[] charts =
        [
            Figure(
                new LineChart("Training loss", "step", "Training loss", [.. Lines(curve => curve.Loss, bin)], MayBeLogarithmic: true),
                bin == 1 ? "The loss of every step." : $"Every point is the mean of {bin} steps."),
            Figure(
                new LineChart($"{name} on the validation split", "epoch", $"{name}, validation split", [.. Lines(curve => curve.Validation)]),
                $"The epoch with the {primary.Superlative()} {name} is kept."),
        ];
        return charts.All(chart => chart is null)
            ? null
            : Markup.Section("curves", "Training", new XElement("div", Markup.Class("beside"), charts), EpochTable.Render(curves, primary));

        IEnumerable<Series> Lines(Func<Curve, IReadOnlyList<double>> values, int bin = 1) => curves.Select((curve, index) =>
            Series.Of(curve.Label, Array.IndexOf(labels, curve.Label) is >= 0 and var style ? style : index, values(curve), bin));
    }

    private static XElement? Figure(LineChart chart, string text) => chart.Render() is { } drawing
        ? new XElement("figure", drawing, new XElement("figcaption", text))
        : null;
}
