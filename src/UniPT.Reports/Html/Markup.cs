using System.Globalization;
using System.Xml.Linq;

namespace UniPT.Reports.Html;

/// <summary>Short forms of the markup that every section needs.</summary>
internal static class Markup
{
    internal static XAttribute Class(string names) => new("class", names);

    /// <summary>A coordinate or length of a drawing.</summary>
    internal static XAttribute At(string name, double value) => new(name, Number(value));

    /// <summary>A coordinate or length as a share of the drawing's width.</summary>
    internal static XAttribute Across(string name, double share) => new(name, Number(100 * share) + "%");

    internal static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>Text that others wrote: it may run from right to left and must not reorder its surroundings.</summary>
    internal static XElement Foreign(string text, string element = "bdi") =>
        new(element, new XAttribute("dir", "auto"), text);

    internal static XElement Section(string id, string heading, params object?[] content) => new(
        "section",
        new XAttribute("aria-labelledby", id),
        new XElement("h2", new XAttribute("id", id), heading),
        content);

    /// <summary>A picture that the page carries in itself; a stand-in where browsers cannot show it.</summary>
    internal static XElement Image(Figures.Picture picture, string alt) =>
        picture.Bytes.IsEmpty || !picture.MediaType.StartsWith("image/", StringComparison.Ordinal)
            ? new XElement("span", Class("picture missing"), $"{picture.Name} cannot be shown")
            : new XElement(
                "img",
                Class("picture"),
                new XAttribute("src", $"data:{picture.MediaType};base64,{Convert.ToBase64String(picture.Bytes.Span)}"),
                new XAttribute("alt", alt));

    /// <summary>The class that gives a method the same colour, dashes and marker everywhere.</summary>
    internal static string Series(int index) => $"series-{index % 6}";
}
