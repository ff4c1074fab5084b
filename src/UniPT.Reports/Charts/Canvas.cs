using System.Xml.Linq;
using static UniPT.Reports.Html.Markup;

namespace UniPT.Reports.Charts;

/// <summary>The size and margins that all charts share.</summary>
internal static class Canvas
{
    private const double Width = 400;
    private const double Height = 260;
    private const double Left = 44;
    private const double Top = 22;
    private const double Bottom = 38;

    /// <summary>Where values are drawn, with a margin to the right for labels.</summary>
    internal static Plot Plot(Axis x, Axis y, double margin) => new(x, y, Left, Width - margin, Top, Height - Bottom);

    /// <summary>The drawing as one picture with a description.</summary>
    internal static XElement Drawing(string description, params object?[] content) => new(
        "svg",
        Class("chart"),
        new XAttribute("viewBox", $"0 0 {Number(Width)} {Number(Height)}"),
        new XAttribute("role", "img"),
        new XAttribute("aria-label", description),
        content);
}
