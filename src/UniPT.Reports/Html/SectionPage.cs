using System.Xml.Linq;
using UniPT.Reports.Sections;

namespace UniPT.Reports.Html;

/// <summary>A page of a task's sections alone: one file that needs no network, for any width, light and dark, screen and paper.</summary>
public static class SectionPage
{
    /// <summary>Makes the page.</summary>
    /// <param name="title">The page's title.</param>
    /// <param name="source">What it was made of, below the title.</param>
    /// <param name="sections">The sections, from top to bottom.</param>
    /// <param name="nothing">The sentence that stands where there are none.</param>
    /// <exception cref="ArgumentException">Two sections have the same id.</exception>
    public static string Render(string title, string source, IReadOnlyList<ReportSection> sections, string nothing) => HtmlPage.Render(
        title,
        new XElement("header", new XElement("h1", title), Markup.Foreign(source, "p")),
        new XElement(
            "main",
            Markup.Class("sheet"),
            sections.Select(section => section.Render()).DefaultIfEmpty(new XElement("p", nothing))));
}
