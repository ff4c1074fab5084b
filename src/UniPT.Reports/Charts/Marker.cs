using System.Xml.Linq;
using static UniPT.Reports.Html.Markup;

namespace UniPT.Reports.Charts;

/// <summary>A point's shape: circle, square, triangle or diamond.</summary>
internal static class Marker
{
    private const double Radius = 3;

    internal static XElement Render(int style, double x, double y) => (style % 4) switch
    {
        0 => new XElement("circle", Class("marker"), At("cx", x), At("cy", y), At("r", Radius)),
        1 => Shape(x, y, (-Radius, -Radius), (Radius, -Radius), (Radius, Radius), (-Radius, Radius)),
        2 => Shape(x, y, (0, -1.3 * Radius), (1.2 * Radius, Radius), (-1.2 * Radius, Radius)),
        _ => Shape(x, y, (0, -1.4 * Radius), (1.4 * Radius, 0), (0, 1.4 * Radius), (-1.4 * Radius, 0)),
    };

    private static XElement Shape(double x, double y, params (double X, double Y)[] corners) => new(
        "polygon",
        Class("marker"),
        new XAttribute("points", string.Join(' ', corners.Select(corner => $"{Number(x + corner.X)},{Number(y + corner.Y)}"))));
}
