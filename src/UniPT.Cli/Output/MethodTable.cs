using Spectre.Console;
using UniPT.Reports.Figures;
using UniPT.Reports.Table;

namespace UniPT.Cli.Output;

/// <summary>The table that compares methods.</summary>
internal static class MethodTable
{
    private const int MostColumns = 4;

    /// <summary>A column for each method; where there are too many for a terminal, a row each with the main figures.</summary>
    internal static Table Create(ComparisonReport report) => report.Methods.Count > MostColumns ? Short(report) : Whole(report);

    private static Table Short(ComparisonReport report)
    {
        IReadOnlyList<FigureRow> columns = FigureTable.Short(report.Methods, report.Figures, report.Chance);

        // All of it fits on a line of 80 characters where the task has three such figures.
        Table table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("").NoWrap().PadRight(0));
        foreach (FigureRow column in columns)
        {
            table.AddColumn(new TableColumn(Markup.Escape(column.Name)).RightAligned().NoWrap().PadRight(0));
        }

        for (int i = 0; i < report.Methods.Count; i++)
        {
            table.AddRow([Markup.Escape(report.Methods[i].Label), .. columns.Select(column => Cell(column.Cells[i]))]);
        }

        return report.Chance is null ? table : table.AddRow(["chance", .. columns.Select(column => column.Chance ?? "")]);
    }

    private static Table Whole(ComparisonReport report)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("");
        foreach (MethodFigures method in report.Methods)
        {
            table.AddColumn(new TableColumn($"[bold]{Markup.Escape(method.Label)}[/]").RightAligned());
        }

        if (report.Chance is not null)
        {
            table.AddColumn(new TableColumn("chance").RightAligned());
        }

        foreach (FigureGroup group in FigureTable.Of(report.Methods, report.Figures, report.Chance))
        {
            table.AddRow($"[bold]{Markup.Escape(group.Name)}[/]");
            foreach (FigureRow row in group.Rows)
            {
                string[] chance = report.Chance is null ? [] : [row.Chance ?? ""];
                table.AddRow([$"  {Markup.Escape(row.Name)}", .. row.Cells.Select(Cell), .. chance]);
            }
        }

        return table;
    }

    private static string Cell(FigureCell cell)
    {
        string text = Markup.Escape(cell.Text);
        return $"{(cell.IsBest ? $"[bold]{text}[/]" : text)} {cell.Deviation}".TrimEnd();
    }
}
