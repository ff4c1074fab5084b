using System.Xml.Linq;

namespace UniPT.Reports.Tests.Html;

/// <summary>What holds for every page; gives its markup.</summary>
internal static class PageChecks
{
    private static readonly HashSet<string> Void = ["meta", "img", "br", "col"];

    internal static XElement Parse(string page)
    {
        Assert.StartsWith("<!DOCTYPE html>", page);
        XElement html = XDocument.Parse(page, LoadOptions.PreserveWhitespace).Root!;
        Assert.Equal("html", html.Name.LocalName);
        Assert.Equal("utf-8", html.Element("head")!.Elements("meta").First().Attribute("charset")!.Value);

        // Browsers take <td /> for an open tag.
        Assert.Equal([], html.Descendants().Where(element => element.IsEmpty && !Void.Contains(element.Name.LocalName)).Select(element => element.Name));
        NothingIsLoaded(html);
        string[] ids = [.. html.Descendants().Attributes("id").Select(id => id.Value)];
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(html.Descendants().Attributes("aria-labelledby"), label => Assert.Contains(label.Value, ids));
        Assert.All(html.Descendants("img"), image => Assert.NotEqual("", image.Attribute("alt")!.Value));
        Assert.All(html.Descendants("th"), head => Assert.NotNull(head.Attribute("scope")));
        Assert.Single(html.Descendants("h1"));
        Assert.DoesNotContain("NaN", html.Element("body")!.ToString());
        return html;
    }

    /// <summary>The text of the first element of a name that holds a text.</summary>
    internal static XElement Find(this XElement page, string name, string text) =>
        page.Descendants(name).First(element => element.Value.Contains(text, StringComparison.Ordinal));

    private static void NothingIsLoaded(XElement html)
    {
        Assert.DoesNotContain(html.Descendants(), element => element.Name.LocalName is "script" or "link" or "iframe" or "object" or "base");
        Assert.All(html.Descendants().Attributes("src"), source => Assert.StartsWith("data:image/", source.Value));
        Assert.DoesNotContain(html.Descendants().Attributes(), attribute =>
            attribute.Name.LocalName is "href" or "style" || attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        string style = html.Element("head")!.Element("style")!.Value;
        Assert.DoesNotContain("url(", style);
        Assert.DoesNotContain("@import", style);
        // Inside <style>, XML would escape these and HTML would not read the escapes.
        Assert.Equal(-1, style.AsSpan().IndexOfAny('<', '>', '&'));
    }
}
