using System.Xml.Linq;
using static UniPT.Reports.Html.Markup;

namespace UniPT.Reports.Charts;

/// <summary>
/// Lines over a common horizontal axis. Each has a colour, a dash pattern and a marker of its own and its label at
/// its end, so it can be told apart without colour.
/// </summary>
/// <param name="Title">What the chart shows.</param>
/// <param name="XTitle">What the horizontal axis counts.</param>
/// <param name="YTitle">What the vertical axis measures, with its unit.</param>
/// <param name="Lines">The lines.</param>
/// <param name="MayBeLogarithmic">Whether values that span orders of magnitude get a logarithmic axis.</param>
internal sealed record LineChart(
    string Title, string XTitle, string YTitle, IReadOnlyList<Series> Lines, bool MayBeLogarithmic = false)
{
    private const double MarkerDistance = 8;

    // A logarithmic scale shows a loss that falls by orders of magnitude, but not a range that is all rounding.
    private const double LogarithmicFrom = 20;
    private const double LogarithmicTo = 1e9;

    /// <summary>The drawing, or null where no line has a value to draw.</summary>
    internal XElement? Render()
    {
        Series[] drawn = [.. Lines.Where(line => line.Points.Any(point => double.IsFinite(point.Y)))];
        if (drawn.Length == 0)
        {
            return null;
        }

        Axis x = Axis.Counting(1, (int)Math.Ceiling(drawn.Max(line => line.Points[^1].X)));
        Axis y = Vertical(drawn);
        Plot plot = Canvas.Plot(x, y, EndLabels.WidthFor(drawn));
        return Canvas.Drawing(
            Description(drawn),
            Grid.Render(plot, XTitle, plot.Y.IsLogarithmic ? $"{YTitle}, logarithmic" : YTitle),
            drawn.Select(line => Line(plot, line)),
            EndLabels.Render(plot, drawn));
    }

    private Axis Vertical(Series[] drawn)
    {
        double[] values = [.. drawn.SelectMany(line => line.Points).Select(point => point.Y).Where(double.IsFinite)];
        double low = values.Min();
        double high = values.Max();
        return MayBeLogarithmic && low > 0 && high / low is > LogarithmicFrom and < LogarithmicTo
            ? Axis.Logarithmic(low, high)
            : Axis.Linear(Math.Min(low, 0), high);
    }

    private static XElement Line(Plot plot, Series line)
    {
        (double X, double Y)[] finite = [.. line.Points.Where(point => double.IsFinite(point.Y))];
        bool sparse = plot.Across(finite[^1].X) - plot.Across(finite[0].X) >= MarkerDistance * (finite.Length - 1);
        IEnumerable<(double X, double Y)> marked = sparse ? finite : finite[^1..];
        return new XElement(
            "g",
            Class(Series(line.Style)),
            new XElement("path", Class("line"), new XAttribute("d", plot.Path(line.Points))),
            marked.Select(point => Marker.Render(line.Style, plot.Across(point.X), plot.Down(point.Y))));
    }

    private string Description(Series[] drawn)
    {
        IEnumerable<string> ends =
            from line in drawn
            let finite = line.Points.Where(point => double.IsFinite(point.Y)).ToArray()
            select $"{line.Label} from {Number(finite[0].Y)} to {Number(finite[^1].Y)} at {XTitle} {Number(finite[^1].X)}";
        return $"{Title}: {string.Join("; ", ends)}.";
    }
}
