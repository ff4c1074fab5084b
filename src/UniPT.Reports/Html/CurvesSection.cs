using System.Xml.Linq;
using UniPT.Reports.Charts;
using UniPT.Reports.Figures;

namespace UniPT.Reports.Html;

/// <summary>How training went: the loss of the steps and the validation recall of the epochs.</summary>
internal static class CurvesSection
{
    private const int MostLossPoints = 120;

    internal static XElement? Render(ComparisonReport report)
    {
        string[] labels = [.. report.Methods.Select(method => method.Label)];
        Curve[] curves = [.. report.Curves];
        int bin = 1 + (curves.Select(curve => curve.Loss.Count).DefaultIfEmpty().Max() / MostLossPoints);
        XElement?[] charts =
        [
            Figure(
                new LineChart("Training loss", "step", "Training loss", [.. Lines(curve => curve.Loss, bin)], MayBeLogarithmic: true),
                bin == 1 ? "The loss of every step." : $"Every point is the mean of {bin} steps."),
            Figure(
                new LineChart("rSum on the validation split", "epoch", "rSum, validation split", [.. Lines(curve => curve.RSum)]),
                "The epoch with the highest rSum is kept."),
        ];
        return charts.All(chart => chart is null)
            ? null
            : Markup.Section("curves", "Training", new XElement("div", Markup.Class("pair"), charts), EpochTable.Render(curves));

        IEnumerable<Series> Lines(Func<Curve, IReadOnlyList<double>> values, int bin = 1) => curves.Select((curve, index) =>
            Series.Of(curve.Label, Array.IndexOf(labels, curve.Label) is >= 0 and var style ? style : index, values(curve), bin));
    }

    private static XElement? Figure(LineChart chart, string caption) => chart.Render() is { } drawing
        ? new XElement("figure", drawing, new XElement("figcaption", caption))
        : null;
}
