using System.Xml.Linq;
using static UniPT.Reports.Html.Markup;

namespace UniPT.Reports.Charts;

/// <summary>Labels beside the ends of lines, moved apart where ends are close.</summary>
internal static class EndLabels
{
    private const double LineHeight = 14;
    private const double CharacterWidth = 7.2;
    private const double Gap = 9;
    private const int LongestLabel = 16;

    /// <summary>The margin that labels need.</summary>
    internal static double WidthFor(IReadOnlyCollection<Series> lines) =>
        Gap + (CharacterWidth * Math.Min(lines.Max(line => line.Label.Length), LongestLabel));

    /// <summary>A label for each line that has a finite value.</summary>
    internal static IEnumerable<XElement> Render(Plot plot, IReadOnlyList<Series> lines)
    {
        var ends =
            (from line in lines
             let last = line.Points.Last(point => double.IsFinite(point.Y))
             select (line.Label, line.Style, X: plot.Across(last.X), Y: plot.Down(last.Y)) into end
             orderby end.Y
             select end).ToArray();
        double[] places = Spread([.. ends.Select(end => end.Y)], plot.Top, plot.Bottom);
        return ends.Zip(places, (end, place) => new XElement(
            "g",
            Class($"end {Series(end.Style)}"),
            new XElement(
                "path",
                Class("leader"),
                new XAttribute("d", $"M{Number(end.X)} {Number(end.Y)}L{Number(plot.Right)} {Number(end.Y)}L{Number(plot.Right + Gap - 3)} {Number(place)}")),
            new XElement(
                "text",
                At("x", plot.Right + Gap),
                At("y", place),
                new XAttribute("dy", "0.35em"),
                Short(end.Label))));
    }

    /// <summary>Ascending places at least a line apart, as close to the wanted ones as going down and back up gets.</summary>
    internal static double[] Spread(double[] wanted, double top, double bottom)
    {
        double[] places = [.. wanted];
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = Math.Max(places[i], i == 0 ? top : places[i - 1] + LineHeight);
        }

        for (int i = places.Length - 1; i >= 0; i--)
        {
            places[i] = Math.Min(places[i], i == places.Length - 1 ? bottom : places[i + 1] - LineHeight);
        }

        return places;
    }

    private static string Short(string label) =>
        label.Length <= LongestLabel ? label : string.Concat(label.AsSpan(0, LongestLabel - 1), "…");
}
