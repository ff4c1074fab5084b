using System.CommandLine;
using Spectre.Console;
using UniPT.Cli.CommandLine;
using UniPT.Cli.Output;
using UniPT.Reports;
using UniPT.Reports.Figures;
using UniPT.Training.Comparison;
using UniPT.Training.Recipes;
using UniPT.Training.Runs;

namespace UniPT.Cli.Commands;

/// <summary><c>unipt compare</c>: the same data, several methods, several seeds, one table.</summary>
internal sealed class CompareCommand : Verb
{
    private readonly Argument<string> _recipe = SharedOptions.Recipe();
    private readonly Option<string> _methods = new("--methods")
    {
        Description = "Methods, separated by commas, or all; one that stands in a recipe of that name beside this one is taken from there.",
        DefaultValueFactory = _ => "head,unipt,full",
        HelpName = "names",
    };

    private readonly Option<int> _seeds = new WholeNumberOption("--seeds", "How many seeds each method gets.", 1, 1, 1000);
    private readonly Option<string?> _data = SharedOptions.RecipeData();
    private readonly Option<string[]> _set = SharedOptions.Set();
    private readonly DeviceOption _device = new();
    private readonly Option<bool> _skipBad = SharedOptions.SkipBad();
    private readonly Option<string?> _out = SharedOptions.Out("Folder of the runs; finished ones are not repeated. By default runs/ and the recipe's name with -compare.");
    private readonly Option<string?> _json = SharedOptions.Json();

    internal CompareCommand() : base("compare", "Trains several methods on the same data and shows them in one table.")
    {
        Add(_recipe);
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
        "unipt compare recipes/emoji/unipt.yaml --methods head,unipt --seeds 3",
        "unipt compare recipes/emoji/unipt.yaml --set train.epochs=2 --json figures.json",
    ];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        string[] names = MethodNames.Of(arguments.GetValue(_methods)!);
        IReadOnlyList<Recipe> recipes = ComparisonPlan.Create(
            arguments.GetValue(_recipe)!, names, arguments.GetValue(_seeds), SharedOptions.Overrides(arguments.GetValue(_set), arguments.GetValue(_device), arguments.GetValue(_data), skipBad: arguments.GetValue(_skipBad)));
        string folder = arguments.GetValue(_out) ?? Path.Combine("runs", $"{recipes[0].Name}-compare");
        TextWriter output = arguments.InvocationConfiguration.Output;
        RecipeNotices.Write(arguments.InvocationConfiguration.Error, recipes, cancellation);
        output.WriteLine($"{recipes[0].Name}: trains on {recipes[0].Data.Path}, in {folder}");
        var said = new HashSet<string>();
        IReadOnlyList<RunResult> results = await ComparisonRunner.RunAsync(
            recipes, folder, recipe => new TrainingProgress(AnsiConsole.Console, recipe, $"{recipe.Method.Name} (seed {recipe.Seed})", output, said), cancellation: cancellation);
        ComparisonReport report = ComparisonReports.Create($"{recipes[0].Name}: methods compared", recipes[0], results).BestFirst();
        ComparisonOutput.Write(report, Path.Combine(folder, "report.html"), output);
        FiguresFile.Write(arguments.GetValue(_json), results);
        return ExitCode.Ok;
    }
}
