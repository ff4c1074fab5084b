using System.Xml.Linq;
using UniPT.Reports.Figures;

namespace UniPT.Reports.Html;

/// <summary>The validation recalls behind the chart, for reading exact values and for readers who do not see it.</summary>
internal static class EpochTable
{
    internal static XElement? Render(IReadOnlyList<Curve> curves)
    {
        int epochs = curves.Select(curve => curve.RSum.Count).DefaultIfEmpty().Max();
        return epochs == 0
            ? null
            : new XElement(
                "details",
                new XElement("summary", "rSum of every epoch"),
                new XElement(
                    "div",
                    Markup.Class("scroll"),
                    new XAttribute("tabindex", "0"),
                    new XElement(
                        "table",
                        new XElement("thead", new XElement("tr", Head("Epoch"), curves.Select(curve => Head(Markup.Foreign(curve.Label))))),
                        new XElement("tbody", Enumerable.Range(0, epochs).Select(epoch => Row(epoch, curves))))));
    }

    private static XElement Head(object content) => new("th", new XAttribute("scope", "col"), content);

    private static XElement Row(int epoch, IReadOnlyList<Curve> curves) => new(
        "tr",
        new XElement("th", new XAttribute("scope", "row"), epoch + 1),
        curves.Select(curve => new XElement("td", epoch < curve.RSum.Count ? Units.Recall(curve.RSum[epoch]) : "")));
}
