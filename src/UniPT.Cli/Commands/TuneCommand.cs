using System.CommandLine;
using Spectre.Console;
using UniPT.Cli.CommandLine;
using UniPT.Cli.Output;
using UniPT.Reports;
using UniPT.Reports.Figures;
using UniPT.Training.Comparison;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;

namespace UniPT.Cli.Commands;

/// <summary><c>unipt tune</c>: a declared grid of options for every method, chosen on the validation split, then compared.</summary>
internal sealed class TuneCommand : Verb
{
    private readonly Argument<string> _recipe = SharedOptions.Recipe();
    private readonly Option<string[]> _grid = new("--grid")
    {
        Description = "An option and the values to try of it. May be repeated: every combination is tried.",
        HelpName = "key=value,value",
        AllowMultipleArgumentsPerToken = false,
    };
    private readonly Option<string?> _methods = new("--methods") { Description = "Methods, separated by commas, or all; by default that of the recipe.", HelpName = "names" };
    private readonly Option<int> _seeds = new WholeNumberOption("--seeds", "How many seeds the chosen values get; the search has the first.", 1, 1, 1000);
    private readonly Option<string?> _data = SharedOptions.RecipeData();
    private readonly Option<string[]> _set = SharedOptions.Set();
    private readonly DeviceOption _device = new();
    private readonly Option<bool> _skipBad = SharedOptions.SkipBad();
    private readonly Option<string?> _out = SharedOptions.Out("Folder of the runs; finished ones are not repeated. By default runs/ and the recipe's name with -tune.");
    private readonly Option<string?> _json = SharedOptions.Json();

    internal TuneCommand() : base("tune", "Tries values of options for each method and compares the methods at their best ones.")
    {
        Add(_recipe);
        Add(_grid);
        Add(_methods);
        Add(_seeds);
        Add(_data);
        Add(_set);
        Add(_device);
        Add(_skipBad);
        Add(_out);
        Add(_json);
    }

    internal override IReadOnlyList<string> Examples =>
    [
        "unipt tune recipes/emoji/unipt.yaml --grid train.learning_rate=1e-4,3e-4,1e-3",
        "unipt tune recipes/emoji/unipt.yaml --methods all --grid train.learning_rate=1e-4,1e-3 --seeds 3",
    ];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        TextWriter output = arguments.InvocationConfiguration.Output;
        string file = arguments.GetValue(_recipe)!;
        var grid = OptionGrid.Parse(arguments.GetValue(_grid) ?? []);
        string[] overrides = SharedOptions.Overrides(arguments.GetValue(_set), arguments.GetValue(_device), arguments.GetValue(_data), skipBad: arguments.GetValue(_skipBad));
        Recipe recipe = Recipe.Load(file, overrides: overrides);
        string[] methods = arguments.GetValue(_methods) is { } names ? MethodNames.Of(names) : [recipe.Method.Name];
        string folder = arguments.GetValue(_out) ?? Path.Combine("runs", $"{recipe.Name}-tune");
        RecipeNotices.Write(arguments.InvocationConfiguration.Error, [recipe], cancellation);
        output.WriteLine($"{recipe.Name}: tries {grid.Points.Count} points for each of {methods.Length} method{(methods.Length == 1 ? "" : "s")} on {recipe.Data.Path}, in {folder}");
        var said = new HashSet<string>();
        GridResult result = await GridSearch.RunAsync(
            file, methods, grid, arguments.GetValue(_seeds), overrides, folder,
            (run, label) => new TrainingProgress(AnsiConsole.Console, run, $"{label} (seed {run.Seed})", output, said), cancellation);
        FigureDefinition primary = TaskRegistry.Create(recipe).Primary;
        AnsiConsole.Write(Trials(result, primary));
        foreach (GridTrial chosen in result.Trials.Where(trial => trial.AtEdge.Count > 0))
        {
            output.WriteLine($"{chosen.Method}: the best value of {string.Join(" and ", chosen.AtEdge)} is at an end of its list; better ones may lie beyond.");
        }

        ComparisonReport report = ComparisonReports.Create($"{recipe.Name}: methods compared at searched values", recipe, result.Chosen).BestFirst();
        ComparisonOutput.Write(report, Path.Combine(folder, "report.html"), output);
        FiguresFile.Write(arguments.GetValue(_json), new { Trials = result.Trials.Select(trial => new { trial.Method, trial.Point, Validation = trial.Result.BestValidation, trial.IsChosen }), result.Chosen });
        return ExitCode.Ok;
    }

    /// <summary>Every run of the search with what it reached on the validation split; the chosen ones in bold.</summary>
    private static Table Trials(GridResult result, FigureDefinition primary)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumns("method", "tried")
            .AddColumn(new TableColumn($"{Markup.Escape(primary.ShortTitle ?? primary.Title)} on val").RightAligned()).AddColumn("");
        foreach (GridTrial trial in result.Trials)
        {
            string figure = Units.Figure(primary.Unit, trial.Result.BestValidation);
            table.AddRow(Markup.Escape(trial.Method), Markup.Escape(string.Join(" ", trial.Point)), trial.IsChosen ? $"[bold]{figure}[/]" : figure, trial.IsChosen ? "chosen" : "");
        }

        return table;
    }
}
