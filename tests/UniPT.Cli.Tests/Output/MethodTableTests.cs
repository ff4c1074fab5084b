using Spectre.Console;
using UniPT.Cli.Output;
using UniPT.Training.Loop;
using UniPT.Reports.Figures;
using UniPT.Training.Runs;

namespace UniPT.Cli.Tests.Output;

public sealed class MethodTableTests
{
    [Fact]
    public void Every_method_is_a_column_or_where_they_are_many_a_row_and_markup_is_text()
    {
        var figures = new Dictionary<string, double>
        {
            ["i2t_r1"] = 0.25,
            ["i2t_r5"] = 1,
            ["i2t_r10"] = 2,
            ["t2i_r1"] = 0.25,
            ["t2i_r5"] = 1,
            ["t2i_r10"] = 2,
            ["rsum"] = 6.5,
        };
        var chance = RecallFigures.Of(figures);
        var conditions = new RunConditions(64, 160, 24, "float32", 2, "cpu", "1.13.1", "a processor", true, DateTime.UnixEpoch);
        var first = new MethodFigures(
            "head", "[red]one[/]", [1], 3, [2], 459_264, 1_000_000, new StepMemory(1 << 20, 0, 0, 0), 2 << 20, 1.5, chance, conditions);
        string[] lines = Lines(200, [first, first with { Label = "two", TrainableParameters = 7 }], chance);
        Assert.Contains(lines, line => line.Contains("[red]one[/]") && line.Contains("two") && line.Contains("chance"));
        Assert.Contains(lines, line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["rSum,", "of", "600", "6.5", "6.5", "6.5"]);
        Assert.Contains(lines, line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["Trained", "459,264", "7"]);

        // As wide as the figures of methods become here.
        Dictionary<string, double>[] seeds = [.. new[] { 180.0, 220 }.Select(rsum => new Dictionary<string, double>(figures)
        {
            ["i2t_r1"] = rsum / 10,
            ["t2i_r1"] = rsum / 9,
            ["rsum"] = rsum,
        })];
        MethodFigures wide = first with { TrainableParameters = 1_364_570, StepMemory = new StepMemory(1100 << 20, 0, 0, 0), Recalls = RecallFigures.Of(seeds) };
        string[] rows = Lines(80, [.. Enumerable.Range(1, 5).Select(i => wide with { Label = $"layernor{i}" })], chance);
        Assert.Equal(5, rows.Count(line => line.Contains("layernor") && line.Contains("200.0 ±") && line.Contains("1,364,570") && line.Contains("1.50 s")));
    }

    private static string[] Lines(int width, MethodFigures[] methods, RecallFigures chance)
    {
        var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = width;
        console.Write(MethodTable.Create(methods, chance));
        return text.ToString().Split('\n');
    }
}
