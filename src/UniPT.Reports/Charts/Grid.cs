using System.Xml.Linq;
using static UniPT.Reports.Html.Markup;

namespace UniPT.Reports.Charts;

/// <summary>Ticks and titles of both axes, with a line at each vertical tick.</summary>
internal static class Grid
{
    internal static XElement Render(Plot plot, string xTitle, string yTitle) => new(
        "g",
        Class("grid"),
        plot.Y.Ticks.Select(tick => new object[]
        {
            new XElement("line", At("x1", plot.Left), At("x2", plot.Right), At("y1", plot.Down(tick)), At("y2", plot.Down(tick))),
            new XElement("text", Class("y"), At("x", plot.Left - 6), At("y", plot.Down(tick)), new XAttribute("dy", "0.35em"), Axis.Text(tick)),
        }),
        plot.X.Ticks.Select(tick => new XElement(
            "text", Class("x"), At("x", plot.Across(tick)), At("y", plot.Bottom + 15), Axis.Text(tick))),
        new XElement("text", Class("title"), At("x", 0), At("y", 10), yTitle),
        new XElement("text", Class("x title"), At("x", (plot.Left + plot.Right) / 2), At("y", plot.Bottom + 33), xTitle));
}
