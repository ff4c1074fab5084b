using System.Xml.Linq;
using UniPT.Reports.Charts;
using UniPT.Reports.Figures;

namespace UniPT.Reports.Html;

/// <summary>Which layers confidence aggregation relies on, example by example.</summary>
internal static class ConfidenceSection
{
    internal static XElement? Render(IReadOnlyList<ConfidenceExample> examples)
    {
        if (examples.Count == 0)
        {
            return null;
        }

        // One scale for all bars: they are compared with one another.
        double largest = examples.SelectMany(example => example.Streams).SelectMany(stream => stream.Layers)
            .Select(layer => layer.Weight).Where(double.IsFinite).DefaultIfEmpty().Max();
        return Markup.Section(
            "confidence",
            "Which layers count",
            new XElement(
                "p",
                Markup.Class("hint"),
                "The share that confidence aggregation gives to each layer for this example, shallow layers first. The shares in " +
                "each table add up to 100\u00a0%."),
            new XElement("div", Markup.Class("examples"), examples.Select(example => Example(example, largest))));
    }

    private static XElement Example(ConfidenceExample example, double largest) => new(
        "article",
        example.Picture is null ? Markup.Class("plain") : Markup.Image(example.Picture, example.Text.Length > 0 ? example.Text : example.Label),
        new XElement(
            "div",
            Markup.Foreign(example.Text, "h3"),
            new XElement("p", Markup.Class("hint"), Markup.Foreign(example.Label)),
            example.Streams.Where(stream => stream.Layers.Count > 0).Select(stream => Stream(stream, largest))));

    private static XElement Stream(StreamWeights stream, double largest) => new(
        "table",
        Markup.Class("shares"),
        new XElement("caption", stream.Stream),
        new XElement("tbody", stream.Layers.Select(layer => Row(layer, largest))));

    private static XElement Row(LayerWeight layer, double largest) => new(
        "tr",
        new XElement("th", new XAttribute("scope", "row"), Markup.Foreign(layer.Layer)),
        new XElement("td", Markup.Class("wide"), StackedBar.Render([("", "share", layer.Weight)], largest)),
        new XElement("td", Units.Share(layer.Weight)));
}
