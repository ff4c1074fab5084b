using System.Xml.Linq;
using UniPT.Reports.Charts;
using UniPT.Reports.Figures;
using UniPT.Training.Contracts;

namespace UniPT.Reports.Html;

/// <summary>Which methods are worth their memory.</summary>
internal static class FrontSection
{
    internal static XElement? Render(ComparisonReport report)
    {
        (IReadOnlyList<MethodFigures> methods, FigureDefinition primary) = (report.Methods, report.Primary);
        string[] unmeasured = [.. methods.Where(method => method.StepMemory.Peak is null).Select(method => method.Label)];
        XElement? note = unmeasured.Length == 0
            ? null
            : new XElement("p", Markup.Class("hint"), $"Memory was {Units.NotMeasured} for {string.Join(", ", unmeasured)}.");
        XElement? chart = FrontChart.Render(methods, primary) is { } drawing
            ? new XElement(
                "figure",
                Markup.Class("front"),
                drawing,
                new XElement("figcaption", $"Further left and {(primary.LargerIsBetter ? "higher" : "lower")} is better. The line joins the methods that no other beats at both: {string.Join(", ", ParetoFront.Of(methods, primary).Select(method => method.Label))}."))
            : null;
        return chart is null && note is null ? null : Markup.Section("front", "Quality against memory", chart, note);
    }
}
