using Spectre.Console;
using UniPT.Cli.Output;
using UniPT.Reports.Figures;
using UniPT.Training.Contracts;
using UniPT.Training.Loop;
using UniPT.Training.Runs;

namespace UniPT.Cli.Tests.Output;

public sealed class MethodTableTests
{
    [Fact]
    public void Every_method_is_a_column_or_where_they_are_many_a_row_and_markup_is_text()
    {
        var chance = new Dictionary<string, double> { ["found"] = 0.25, ["sum"] = 6.5 };
        var conditions = new RunConditions(64, new Dictionary<string, string>(), "float32", 2, "cpu", "1.13.1", "a processor", true, DateTime.UnixEpoch);
        var first = new MethodFigures(
            "head", "[red]one[/]", [1], 3, [2], 459_264, 1_000_000, new StepMemory(1 << 20, 0, 0, 0), 2 << 20, 1.5, chance.ToDictionary(level => level.Key, level => new Statistic(level.Value)), conditions);
        MethodFigures second = first with { Label = "two", TrainableParameters = 7 };
        string[] lines = Lines(200, [first, second], chance);
        Assert.Contains(lines, line => line.Contains("[red]one[/]") && line.Contains("two") && line.Contains("chance"));
        Assert.Contains(lines, line => Words(line) is ["Sum,", "of", "600", "6.5", "6.5", "6.5"]);
        Assert.DoesNotContain(lines, line => line.Contains("Perplexity"));
        second = second with { Figures = new Dictionary<string, Statistic>(second.Figures!) { ["perplexity"] = new(3.25) } };
        Assert.Contains(Lines(200, [first, second], chance), line => Words(line) is ["Perplexity", "–", "3.25"]);
        Assert.Contains(lines, line => Words(line) is ["Trained", "459,264", "7"]);

        // As wide as the figures of methods become here.
        var figures = new Dictionary<string, Statistic> { ["found"] = new(20, 2.8), ["back"] = new(22.2, 3.1), ["sum"] = new(200, 28.3) };
        MethodFigures wide = first with { TrainableParameters = 1_364_570, StepMemory = new StepMemory(1100 << 20, 0, 0, 0), Figures = figures };
        MethodFigures[] five = [.. Enumerable.Range(1, 5).Select(i => wide with { Label = $"layernor{i}" })];
        string[] rows = Lines(80, five, chance);
        Assert.Equal(5, rows.Count(line => Words(line) is [_, "20.0", "±", "2.8", "22.2", "±", "3.1", "200.0", "±", "28.3", "1,364,570", "1.07", "GiB", "1.50", "s"]));
        Assert.Contains(rows, line => Words(line) is ["i→t", "R@1", "t→i", "R@1", "[sum]", "trained", "tensors", "epoch"]);
        Assert.Contains(rows, line => Words(line) is ["chance", "0.25", "6.5"]);
        Assert.DoesNotContain(Lines(80, five, null), line => line.Contains("chance"));
        Assert.DoesNotContain(Lines(200, [first], null), line => line.Contains("chance"));
    }

    private static string[] Words(string line) => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static string[] Lines(int width, MethodFigures[] methods, IReadOnlyDictionary<string, double>? chance)
    {
        FigureDefinition[] figures =
        [
            new("found", "R@1", "There") { ShortTitle = "i→t R@1" },
            new("back", "R@1", "Back") { ShortTitle = "t→i R@1" },
            new("perplexity", "Perplexity", "Back") { Unit = FigureUnit.Number, LargerIsBetter = false },
            new("sum", "Sum, of 600", "[Both]") { Unit = FigureUnit.Points, IsPrimary = true, ShortTitle = "[sum]" },
        ];
        var report = new ComparisonReport("Sample", DateTimeOffset.UnixEpoch, new DataFacts("data", []), figures, chance, methods, [], [], [], []);
        var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = width;
        console.Write(MethodTable.Create(report));
        return text.ToString().Split('\n');
    }
}
