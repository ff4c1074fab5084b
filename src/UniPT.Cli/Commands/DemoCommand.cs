using System.CommandLine;
using Spectre.Console;
using UniPT.Cli.CommandLine;
using UniPT.Cli.Output;
using UniPT.Training.Comparison;
using UniPT.Training.Recipes;
using UniPT.Training.Reports.Figures;
using UniPT.Training.Reports.Html;
using UniPT.Training.Retrieval;
using UniPT.Training.Runs;
using UniPT.Training.Search;

namespace UniPT.Cli.Commands;

/// <summary><c>unipt demo</c>: adapts two real towers to real pictures with three methods, compares them and searches.</summary>
internal sealed class DemoCommand : Verb
{
    private static readonly string[] Queries = ["a red fruit", "an animal that lives in the sea", "a person riding a bicycle"];
    private readonly Option<string?> _out = SharedOptions.Out("Folder of the runs and the report; by default runs/demo. Finished runs are not repeated.");
    private readonly Option<string[]> _set = SharedOptions.Set();
    private readonly DeviceOption _device = new();
    private readonly Option<bool> _skipBad = SharedOptions.SkipBad();
    private readonly Option<string?> _json = SharedOptions.Json();

    internal DemoCommand() : base("demo", "Adapts MobileNetV2 and USE Lite to emoji pictures with three methods, compares them and searches.")
    {
        Add(_out);
        Add(_set);
        Add(_device);
        Add(_skipBad);
        Add(_json);
    }

    internal override IReadOnlyList<string> Examples => ["unipt demo", "unipt demo --out /tmp/demo --set train.epochs=1"];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        TextWriter output = arguments.InvocationConfiguration.Output;
        string folder = arguments.GetValue(_out) ?? Path.Combine("runs", "demo");
        string recipeFile = Path.Combine(Checkout.Root ?? throw new UserException("The demo needs the recipes, models and data of a checkout; start it as ./unipt demo there."), "recipes", "emoji", "demo", "unipt.yaml");
        IReadOnlyList<Recipe> recipes = ComparisonPlan.Create(recipeFile, ["head", "unipt", "full"], 1, SharedOptions.Overrides(arguments.GetValue(_set), arguments.GetValue(_device), skipBad: arguments.GetValue(_skipBad)));
        output.WriteLine($"Adapting {recipes[0].Image.Backbone} and {recipes[0].Text.Backbone} to {Path.GetFileName(recipes[0].Data.Path)} with {string.Join(", ", recipes.Select(recipe => recipe.Method.Name))}.");
        PrecisionNotice.Write(arguments.InvocationConfiguration.Error, recipes);
        var said = new HashSet<string>();
        IReadOnlyList<RunResult> results = await ComparisonRunner.RunAsync(
            recipes, folder, recipe => new TrainingProgress(AnsiConsole.Console, recipe.Method.Name, output, said), cancellation: cancellation);
        AnsiConsole.Write(MethodTable.Create(MethodFigures.Of(results), RecallFigures.Of(ChanceLevel.Of(recipes[0]))));
        IReadOnlyList<SearchResult> searches = Search(results.First(result => result.Method == "unipt"), output, cancellation);
        ComparisonReport report = ComparisonReports.Create("UniPT demo", recipes[0], results, searches);
        foreach (string sentence in report.Summary.Sentences())
        {
            output.WriteLine(sentence);
        }

        string page = Path.Combine(folder, "report.html");
        HtmlReport.Write(page, report);
        output.WriteLine($"Report: {page}");
        FiguresFile.Write(arguments.GetValue(_json), results);
        return ExitCode.Ok;
    }

    private static List<SearchResult> Search(RunResult run, TextWriter output, CancellationToken cancellation)
    {
        using SearchIndex index = SearchIndex.Open(Path.Combine(run.Folder, "adapter"), cancellation: cancellation);
        var searches = new List<SearchResult>();
        foreach (string query in Queries)
        {
            IReadOnlyList<SearchHit> hits = index.ByText(query, 5);
            output.WriteLine($"\"{query}\": {string.Join(", ", hits.Select(hit => $"{hit.Captions[0]} ({hit.Score:f2})"))}");
            searches.Add(index.Show(query, null, hits));
        }

        return searches;
    }
}
