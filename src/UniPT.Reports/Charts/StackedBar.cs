using System.Xml.Linq;
using static UniPT.Reports.Html.Markup;

namespace UniPT.Reports.Charts;

/// <summary>
/// Parts of a whole side by side, on a scale that several bars share. Widths are shares, so text keeps its size.
/// Whoever draws one writes the figures beside it, for readers who do not see it.
/// </summary>
internal static class StackedBar
{
    /// <summary>A part that has a name shows it where it is at least this wide, a share of the scale.</summary>
    private const double RoomForName = 0.22;

    /// <param name="parts">Name, class and value of each part.</param>
    /// <param name="scale">The value that fills the width.</param>
    internal static XElement Render(IReadOnlyList<(string Name, string Style, double Value)> parts, double scale)
    {
        var bar = new XElement("svg", Class("bar"), new XAttribute("aria-hidden", "true"));
        double start = 0;
        foreach ((string name, string style, double value) in parts)
        {
            double share = scale > 0 ? value / scale : 0;
            if (share > 0)
            {
                bar.Add(new XElement("rect", Class(style), Across("x", start), Across("width", share), new XAttribute("height", "100%")));
            }

            if (share >= RoomForName && name.Length > 0)
            {
                bar.Add(new XElement("text", Across("x", start + (share / 2)), new XAttribute("y", "50%"), new XAttribute("dy", "0.35em"), name));
            }

            start += share;
        }

        return bar;
    }
}
