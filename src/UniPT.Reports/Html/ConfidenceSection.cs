using System.Xml.Linq;
using UniPT.Reports.Charts;
using UniPT.Reports.Figures;

namespace UniPT.Reports.Html;

/// <summary>Which layers confidence aggregation relies on, picture by picture and caption by caption.</summary>
internal static class ConfidenceSection
{
    internal static XElement? Render(IReadOnlyList<ConfidenceExample> examples)
    {
        if (examples.Count == 0)
        {
            return null;
        }

        // One scale for all bars: they are compared with one another.
        double largest = examples.SelectMany(example => example.Image.Concat(example.Text))
            .Select(layer => layer.Weight).Where(double.IsFinite).DefaultIfEmpty().Max();
        return Markup.Section(
            "confidence",
            "Which layers count",
            new XElement(
                "p",
                Markup.Class("hint"),
                "The share that confidence aggregation gives to each layer for this picture and this caption, shallow layers " +
                "first. The shares of a tower add up to 100\u00a0%."),
            new XElement("div", Markup.Class("examples"), examples.Select(example => Example(example, largest))));
    }

    private static XElement Example(ConfidenceExample example, double largest) => new(
        "article",
        Markup.Image(example.Picture, example.Caption),
        new XElement(
            "div",
            Markup.Foreign(example.Caption, "h3"),
            new XElement("p", Markup.Class("hint"), Markup.Foreign(example.Label)),
            Tower("Picture", example.Image, largest),
            Tower("Caption", example.Text, largest)));

    private static XElement? Tower(string name, IReadOnlyList<LayerWeight> layers, double largest) => layers.Count == 0
        ? null
        : new XElement(
            "table",
            Markup.Class("shares"),
            new XElement("caption", name),
            new XElement("tbody", layers.Select(layer => Row(layer, largest))));

    private static XElement Row(LayerWeight layer, double largest) => new(
        "tr",
        new XElement("th", new XAttribute("scope", "row"), Markup.Foreign(layer.Layer)),
        new XElement("td", Markup.Class("wide"), StackedBar.Render([("", "share", layer.Weight)], largest)),
        new XElement("td", Units.Share(layer.Weight)));
}
