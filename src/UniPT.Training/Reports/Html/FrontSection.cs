using System.Xml.Linq;
using UniPT.Training.Reports.Charts;
using UniPT.Training.Reports.Figures;

namespace UniPT.Training.Reports.Html;

/// <summary>Which methods are worth their memory.</summary>
internal static class FrontSection
{
    internal static XElement? Render(IReadOnlyList<MethodFigures> methods) => FrontChart.Render(methods) is { } drawing
        ? Markup.Section(
            "front",
            "Quality against memory",
            new XElement(
                "figure",
                Markup.Class("front"),
                drawing,
                new XElement("figcaption", $"Further left and higher is better. The line joins the methods that no other beats at both: {string.Join(", ", ParetoFront.Of(methods).Select(method => method.Label))}.")))
        : null;
}
