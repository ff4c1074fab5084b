using System.Xml.Linq;
using UniPT.Reports.Figures;
using UniPT.Reports.Summary;
using UniPT.Reports.Table;

namespace UniPT.Reports.Html;

/// <summary>The table of all figures: a column for each method, so that a few methods fit a phone.</summary>
internal static class FiguresSection
{
    internal static XElement? Render(ComparisonReport report)
    {
        if (report.Methods.Count == 0)
        {
            return null;
        }

        XElement[] notes =
        [
            .. report.Methods.Where(method => method.Note is not null).Select(method =>
                new XElement("li", Markup.Foreign(method.Label), ": ", Markup.Foreign(method.Note!))),
        ];
        string[] percent = report.Figures.InPercent();
        return Markup.Section(
            "figures",
            "Figures",
            new XElement(
                "div",
                Markup.Class("scroll"),
                new XAttribute("tabindex", "0"),
                new XAttribute("role", "region"),
                new XAttribute("aria-labelledby", "figures"),
                new XElement("table", Head(report), FigureTable.Of(report.Methods, report.Figures, report.Chance).Select(group => Group(group, report)))),
            new XElement("p", Markup.Class("hint"), $"{FigureTable.Shared(report.Methods)} Bold: best of the row. ±: standard deviation over seeds.{(percent.Length > 0 ? $" In percent: {Units.List(percent)}." : "")}"),
            notes.Length == 0 ? null : new XElement("ul", Markup.Class("notes"), notes));
    }

    private static XElement Head(ComparisonReport report) => new(
        "thead",
        new XElement(
            "tr",
            new XElement("td"),
            report.Methods.Select((method, index) => new XElement(
                "th",
                new XAttribute("scope", "col"),
                new XElement("span", Markup.Class($"swatch {Markup.Series(index)}"), new XAttribute("aria-hidden", "true")),
                Markup.Foreign(method.Label))),
            report.Chance is null ? null : new XElement("th", new XAttribute("scope", "col"), "Chance")));

    private static XElement Group(FigureGroup group, ComparisonReport report)
    {
        int columns = report.Methods.Count + (report.Chance is null ? 1 : 2);
        return new XElement(
            "tbody",
            new XElement(
                "tr",
                new XElement(
                    "th",
                    Markup.Class("group"),
                    new XAttribute("scope", "rowgroup"),
                    new XAttribute("colspan", columns),
                    new XElement("span", group.Name))),
            group.Rows.Select(row => new XElement(
                "tr",
                new XElement("th", new XAttribute("scope", "row"), row.Name),
                row.Cells.Select(Cell),
                report.Chance is null ? null : new XElement("td", Markup.Class("chance"), row.Chance))));
    }

    private static XElement Cell(FigureCell cell) => new(
        "td",
        cell.IsBest ? new XElement("strong", cell.Text) : cell.Text,
        cell.Deviation is null ? null : new XElement("span", Markup.Class("deviation"), $" {cell.Deviation}"),
        cell.IsBest ? new XElement("span", Markup.Class("unseen"), " (best)") : null);
}
