using UniPT.Reports.Figures;
using UniPT.Reports.Table;

namespace UniPT.Reports.Tests.Table;

public sealed class FigureTableTests
{
    private static readonly MethodFigures[] Methods = [SampleReport.Head, SampleReport.UniPT, SampleReport.Full];

    [Fact]
    public void Figures_have_a_deviation_chance_and_a_best()
    {
        FigureRow row = Row("rSum, of 600", Methods);
        Assert.Equal([new("189.2", "± 2.4"), new("203.4", "± 2.9", true), new("92.7")], row.Cells);
        Assert.Equal("8.0", row.Chance);
    }

    [Fact]
    public void The_smallest_cost_is_best_and_ties_share_it()
    {
        Assert.Equal([true, false, true], Row("Weights", Methods).Cells.Select(cell => cell.IsBest));
        Assert.Equal(["2.31 s", "6.02 s", "63.8 s"], Row("Time per epoch", Methods).Cells.Select(cell => cell.Text));
        Assert.DoesNotContain(Row("Weights", [SampleReport.Head, SampleReport.Head]).Cells, cell => cell.IsBest);
        Assert.DoesNotContain(Row("Weights", [SampleReport.Head]).Cells, cell => cell.IsBest);
    }

    [Fact]
    public void A_missing_figure_is_never_best()
    {
        MethodFigures failed = SampleReport.Full with { Figures = null, SecondsPerEpoch = double.NaN };
        Assert.Equal([new("189.2", "± 2.4"), new("203.4", "± 2.9", true), new("–")], Row("rSum, of 600", [.. Methods[..2], failed]).Cells);
        Assert.Equal([new("2.31 s", null, true), new("6.02 s"), new("–")], Row("Time per epoch", [.. Methods[..2], failed]).Cells);
    }

    [Fact]
    public void Conditions_are_rows_where_they_differ_and_a_sentence_where_not()
    {
        Assert.Equal(["15", "15", "2"], Row("Epochs", Methods).Cells.Select(cell => cell.Text));
        Assert.DoesNotContain(Rows(Methods), row => row.Name == "Batch size");
        Assert.StartsWith("The same for all methods: batch size 64, image size 160 px, ", FigureTable.Shared(Methods));
        Assert.DoesNotContain("epochs", FigureTable.Shared(Methods));
        Assert.Equal("", FigureTable.Shared([]));
    }

    private static FigureRow Row(string name, IReadOnlyList<MethodFigures> methods) => Rows(methods).Single(row => row.Name == name);

    private static IEnumerable<FigureRow> Rows(IReadOnlyList<MethodFigures> methods) =>
        FigureTable.Of(methods, SampleReport.Figures, SampleReport.Chance).SelectMany(group => group.Rows);
}
