using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace UniPT.Reports.Html;

/// <summary>
/// A page that needs nothing but itself. It is written as XML that is HTML as well, so all text is escaped by the
/// writer and every element is closed.
/// </summary>
internal static class HtmlPage
{
    private const string StyleResource = "UniPT.Reports.Html.Report.css";

    // What browsers may load: the page's own style and pictures, nothing from elsewhere.
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

    private static readonly HashSet<string> Void = ["meta", "img", "br", "col"];

    internal static string Render(string title, params object?[] body)
    {
        var html = new XElement(
            "html",
            new XAttribute("lang", "en"),
            new XElement(
                "head",
                new XElement("meta", new XAttribute("charset", "utf-8")),
                new XElement("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
                new XElement("meta", new XAttribute("name", "color-scheme"), new XAttribute("content", "light dark")),
                new XElement("meta", new XAttribute("http-equiv", "Content-Security-Policy"), new XAttribute("content", Policy)),
                new XElement("title", title),
                new XElement("style", Style())),
            new XElement("body", body));
        string[] ids = [.. html.Descendants().Attributes("id").Select(id => id.Value)];
        if (ids.GroupBy(id => id).FirstOrDefault(id => id.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Two sections of the page have the id {twice.Key}.");
        }

        foreach (XElement element in html.DescendantsAndSelf())
        {
            Clean(element);
        }

        return "<!DOCTYPE html>\n" + html.ToString(SaveOptions.DisableFormatting) + "\n";
    }

    private static void Clean(XElement element)
    {
        foreach (XAttribute attribute in element.Attributes())
        {
            attribute.Value = Legal(attribute.Value);
        }

        foreach (XText text in element.Nodes().OfType<XText>())
        {
            text.Value = Legal(text.Value);
        }

        if (!element.Nodes().Any() && !Void.Contains(element.Name.LocalName))
        {
            // HTML knows <td></td> but not <td />.
            element.Value = "";
        }
    }

    /// <summary>Puts a replacement character where neither XML nor HTML allows what is there.</summary>
    private static string Legal(string text)
    {
        if (text.All(XmlConvert.IsXmlChar))
        {
            return text;
        }

        var legal = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            legal.Append(rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? Rune.ReplacementChar : rune);
        }

        return legal.ToString();
    }

    private static string Style()
    {
        using Stream stream = typeof(HtmlPage).Assembly.GetManifestResourceStream(StyleResource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
