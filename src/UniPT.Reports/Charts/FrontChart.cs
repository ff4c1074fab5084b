using System.Xml.Linq;
using UniPT.Reports.Figures;
using UniPT.Reports.Summary;
using UniPT.Training.Contracts;
using static UniPT.Reports.Html.Markup;

namespace UniPT.Reports.Charts;

/// <summary>Quality against memory, a point for each method and a line through those that no other beats at both.</summary>
internal static class FrontChart
{
    private const double Mebibyte = 1 << 20;

    /// <summary>The drawing, or null where fewer than two methods have figures.</summary>
    internal static XElement? Render(IReadOnlyList<MethodFigures> methods, FigureDefinition primary)
    {
        Series[] points = [.. methods.Index()
            .Where(method => ParetoFront.IsMeasured(method.Item, primary))
            .Select(method => new Series(method.Item.Label, method.Index, [Point(method.Item, primary)]))];
        if (points.Length < 2)
        {
            return null;
        }

        (double X, double Y)[] all = [.. points.Select(point => point.Points[0])];
        Axis x = Axis.Logarithmic(all.Min(point => point.X), all.Max(point => point.X) * 1.01);
        Plot plot = Canvas.Plot(x, Axis.Linear(Math.Min(0, all.Min(point => point.Y)), all.Max(point => point.Y)), EndLabels.WidthFor(points));
        (double X, double Y)[] front = [.. ParetoFront.Of(methods, primary).Select(method => Point(method, primary))];
        return Canvas.Drawing(
            $"{primary.ShortName()} against the tensors of a training step: {string.Join("; ", points.Select(point => $"{point.Label} {Number(point.Points[0].Y)} at {Number(point.Points[0].X)} MiB"))}.",
            Grid.Render(plot, "tensors of a training step, MiB, logarithmic", $"{primary.ShortName()}, test split"),
            new XElement("path", Class("front"), new XAttribute("d", plot.Path(front))),
            points.Select(point => new XElement(
                "g", Class(Series(point.Style)), Marker.Render(point.Style, plot.Across(point.Points[0].X), plot.Down(point.Points[0].Y)))),
            EndLabels.Render(plot, points));
    }

    private static (double X, double Y) Point(MethodFigures method, FigureDefinition primary) =>
        (method.StepMemory.Peak!.Value / Mebibyte, method.Mean(primary));
}
