using System.Xml.Linq;
using UniPT.Reports.Figures;
using UniPT.Reports.Summary;
using UniPT.Training.Contracts;

namespace UniPT.Reports.Html;

/// <summary>The figures behind the chart, for reading exact values and for readers who do not see it.</summary>
internal static class EpochTable
{
    internal static XElement? Render(IReadOnlyList<Curve> curves, FigureDefinition primary)
    {
        int epochs = curves.Select(curve => curve.Validation.Count).DefaultIfEmpty().Max();
        return epochs == 0
            ? null
            : new XElement(
                "details",
                new XElement("summary", $"{primary.ShortName()} of every epoch"),
                new XElement(
                    "div",
                    Markup.Class("scroll"),
                    new XAttribute("tabindex", "0"),
                    new XElement(
                        "table",
                        new XElement("thead", new XElement("tr", Head("Epoch"), curves.Select(curve => Head(Markup.Foreign(curve.Label))))),
                        new XElement("tbody", Enumerable.Range(0, epochs).Select(epoch => Row(epoch, curves, primary.Unit))))));
    }

    private static XElement Head(object content) => new("th", new XAttribute("scope", "col"), content);

    private static XElement Row(int epoch, IReadOnlyList<Curve> curves, FigureUnit unit) => new(
        "tr",
        new XElement("th", new XAttribute("scope", "row"), epoch + 1),
        curves.Select(curve => new XElement("td", epoch < curve.Validation.Count ? Units.Figure(unit, curve.Validation[epoch]) : "")));
}
