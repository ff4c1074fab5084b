using Spectre.Console;
using UniPT.Training.Reports.Figures;
using UniPT.Training.Reports.Table;

namespace UniPT.Cli.Output;

/// <summary>The table that compares methods.</summary>
internal static class MethodTable
{
    internal static Table Create(IReadOnlyList<MethodFigures> methods, RecallFigures chance)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("");
        foreach (MethodFigures method in methods)
        {
            table.AddColumn(new TableColumn($"[bold]{Markup.Escape(method.Label)}[/]").RightAligned());
        }

        table.AddColumn(new TableColumn("chance").RightAligned());
        foreach (FigureGroup group in FigureTable.Of(methods, chance))
        {
            table.AddRow($"[bold]{Markup.Escape(group.Name)}[/]");
            foreach (FigureRow row in group.Rows)
            {
                table.AddRow([$"  {Markup.Escape(row.Name)}", .. row.Cells.Select(Cell), row.Chance ?? ""]);
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
