using System.Xml.Linq;
using UniPT.Reports.Figures;
using UniPT.Reports.Summary;

namespace UniPT.Reports.Html;

/// <summary>The top of a report: what was compared, which method is best at what, and what speaks against it.</summary>
internal static class SummarySection
{
    internal static XElement Render(ComparisonReport report)
    {
        ReportSummary summary = report.Summary;
        string[] labels = [.. report.Methods.Select(method => method.Label)];
        return new XElement(
            "header",
            new XElement("h1", report.Title),
            new XElement(
                "p",
                Markup.Class("facts"),
                Markup.Foreign(report.Data.Name),
                report.Data.Splits.Count == 0 ? "" : $": {string.Join(", ", report.Data.Splits.Select(split => split.Purpose))}."),
            new XElement("p", Markup.Class("headline"), summary.Headline),
            summary.Verdicts.Count == 0
                ? null
                : new XElement("ul", Markup.Class("verdicts"), summary.Verdicts.Select(verdict => Tile(verdict, labels))),
            summary.Caveats.Count == 0
                ? null
                : new XElement(
                    "div",
                    Markup.Class("caveats"),
                    new XElement("h2", "Keep in mind"),
                    new XElement("ul", summary.Caveats.Select(caveat => new XElement("li", caveat)))));
    }

    private static XElement Tile(Verdict verdict, string[] labels) => new(
        "li",
        new XElement("h2", verdict.Measure),
        new XElement("p", Markup.Class("winner"), verdict.Best.Select((label, rank) => Winner(label, rank, labels)).DefaultIfEmpty("not measured")),
        new XElement("p", Markup.Class("value"), verdict.Best.Count > 1 ? $"tie at {verdict.Value}" : verdict.Value),
        verdict.Others.Select(other => new XElement("p", Markup.Class("others"), Markup.Foreign(other))));

    private static object Winner(string label, int rank, string[] labels) => new object[]
    {
        rank == 0 ? "" : ", ",
        new XElement("span", Markup.Class($"swatch {Markup.Series(Array.IndexOf(labels, label))}"), new XAttribute("aria-hidden", "true")),
        Markup.Foreign(label),
    };
}
