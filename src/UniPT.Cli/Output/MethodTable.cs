using Spectre.Console;
using UniPT.Reports.Figures;
using UniPT.Reports.Table;

namespace UniPT.Cli.Output;

/// <summary>The table that compares methods.</summary>
internal static class MethodTable
{
    private const int MostColumns = 4;

    /// <summary>A column for each method; where there are too many for a terminal, a row each with the main figures.</summary>
    internal static Table Create(IReadOnlyList<MethodFigures> methods, RecallFigures chance) =>
        methods.Count > MostColumns ? Short(methods, chance) : Whole(methods, chance);

    private static Table Short(IReadOnlyList<MethodFigures> methods, RecallFigures chance)
    {
        IReadOnlyList<FigureGroup> groups = FigureTable.Of(methods, chance);
        FigureRow Row(string name) => groups.SelectMany(group => group.Rows).First(row => row.Name == name);
        (string Title, FigureRow Row)[] columns =
        [
            ("i→t R@1", groups[0].Rows[0]),
            ("t→i R@1", groups[1].Rows[0]),
            ("rSum", Row("rSum, of 600")),
            ("trained", Row("Trained")),
            ("tensors", Row("Tensors in all")),
            ("epoch", Row("Time per epoch")),
        ];

        // All of it fits on a line of 80 characters.
        Table table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("").NoWrap().PadRight(0));
        foreach ((string title, _) in columns)
        {
            table.AddColumn(new TableColumn(title).RightAligned().NoWrap().PadRight(0));
        }

        for (int i = 0; i < methods.Count; i++)
        {
            table.AddRow([Markup.Escape(methods[i].Label), .. columns.Select(column => Cell(column.Row.Cells[i]))]);
        }

        return table.AddRow(["chance", .. columns.Select(column => column.Row.Chance ?? "")]);
    }

    private static Table Whole(IReadOnlyList<MethodFigures> methods, RecallFigures chance)
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
