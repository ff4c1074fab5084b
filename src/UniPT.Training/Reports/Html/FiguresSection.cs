using System.Xml.Linq;
using UniPT.Training.Reports.Figures;
using UniPT.Training.Reports.Summary;

namespace UniPT.Training.Reports.Html;

/// <summary>The table of all figures: a column for each method, so that a few methods fit a phone.</summary>
internal static class FiguresSection
{
    internal static XElement? Render(ComparisonReport report)
    {
        if (report.Methods.Count == 0)
        {
            return null;
        }

        (string Name, FigureRow[] Rows)[] groups = FigureRows.Of(report.Methods, report.Chance);
        XElement[] notes =
        [
            .. report.Methods.Where(method => method.Note is not null).Select(method =>
                new XElement("li", Markup.Foreign(method.Label), ": ", Markup.Foreign(method.Note!))),
        ];
        return Markup.Section(
            "figures",
            "Figures",
            new XElement(
                "div",
                Markup.Class("scroll"),
                new XAttribute("tabindex", "0"),
                new XAttribute("role", "region"),
                new XAttribute("aria-labelledby", "figures"),
                new XElement("table", Head(report), groups.Select(group => Group(group.Name, group.Rows, report)))),
            new XElement("p", Markup.Class("hint"), Reading(report.Methods)),
            notes.Length == 0 ? null : new XElement("ul", Markup.Class("notes"), notes));
    }

    private static string Reading(IReadOnlyList<MethodFigures> methods)
    {
        string[] shared =
        [
            .. Condition.All.Where(condition => condition.IsShared(methods)).Select(condition =>
                $"{condition.Name.ToLowerInvariant()} {condition.Value(methods[0].Conditions)}"),
        ];
        string same = shared.Length == 0 ? "" : $"The same for all methods: {Wording.List(shared)}. ";
        return $"{same}Bold: best of the row. ±: standard deviation over seeds. Recalls in percent.";
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

    private static XElement Group(string name, FigureRow[] rows, ComparisonReport report)
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
                    new XElement("span", name))),
            rows.Select(row => new XElement(
                "tr",
                new XElement("th", new XAttribute("scope", "row"), row.Name),
                report.Methods.Select(method => Cell(row, method, report.Methods)),
                report.Chance is null ? null : new XElement("td", Markup.Class("chance"), row.Chance))));
    }

    private static XElement Cell(FigureRow row, MethodFigures method, IReadOnlyList<MethodFigures> methods)
    {
        string text = row.Text(method);
        XElement? deviation = row.Deviation?.Invoke(method) is { } spread
            ? new XElement("span", Markup.Class("deviation"), $" {Units.Deviation(spread)}")
            : null;
        return row.IsBest(method, methods)
            ? new XElement("td", new XElement("strong", text), deviation, new XElement("span", Markup.Class("unseen"), " (best)"))
            : new XElement("td", text, deviation);
    }
}
