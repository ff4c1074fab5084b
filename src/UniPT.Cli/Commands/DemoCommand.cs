using System.CommandLine;
using Spectre.Console;
using UniPT.Cli.CommandLine;
using UniPT.Cli.Output;
using UniPT.Reports;
using UniPT.Reports.Figures;
using UniPT.Reports.Html;
using UniPT.Tasks.Shared.Search;
using UniPT.Training.Comparison;
using UniPT.Training.Recipes;
using UniPT.Training.Runs;

namespace UniPT.Cli.Commands;

/// <summary>
/// <c>unipt demo</c>: adapts two real towers to real pictures with three methods, compares them with full fine-tuning and searches. Full fine-tuning
/// would take longer than the rest: some of its steps are measured, its quality is that of a run that was committed.
/// </summary>
internal sealed class DemoCommand : Verb
{
    private const int FullSteps = 4;
    private static readonly string[] Methods = ["head", "unipt", "lora"];
    private static readonly string[] Queries = ["a red fruit", "an animal that lives in the sea", "a person riding a bicycle"];
    private readonly Option<string?> _out = SharedOptions.Out("Folder of the runs and the report; by default runs/demo. Finished runs are not repeated.");
    private readonly Option<string[]> _set = SharedOptions.Set();
    private readonly DeviceOption _device = new();
    private readonly Option<bool> _skipBad = SharedOptions.SkipBad();
    private readonly Option<string?> _json = SharedOptions.Json();

    internal DemoCommand() : base("demo", "Adapts ResNet-18 and MiniLM to emoji pictures with three methods, compares them with full fine-tuning and searches.")
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
        string root = Checkout.Root ?? throw new UserException("The demo needs the recipes and data of a checkout; start it as ./unipt demo there.");
        string recipeFile = Path.Combine(root, "recipes", "emoji", "demo", "unipt.yaml");
        string[] set = arguments.GetValue(_set) ?? [];
        string[] overrides = SharedOptions.Overrides(set, arguments.GetValue(_device), skipBad: arguments.GetValue(_skipBad));
        IReadOnlyList<Recipe> recipes = ComparisonPlan.Create(recipeFile, Methods, 1, overrides);
        output.WriteLine($"Adapting {string.Join(" and ", recipes[0].Backbones.Values.Select(backbone => backbone.Weights))} to {Path.GetFileName(recipes[0].Data.Path)} with {string.Join(", ", Methods)}.");
        RecipeNotices.Write(arguments.InvocationConfiguration.Error, recipes, cancellation);
        var said = new HashSet<string>();
        IReadOnlyList<RunResult> results = await RunAsync(recipes, folder, recipe => recipe.Method.Name, output, said, cancellation);
        if (set.Length == 0)
        {
            Recipe some = ComparisonPlan.Create(recipeFile, ["full"], 1, [.. overrides, $"train.max_steps={FullSteps}"])[0];
            RunResult steps = (await RunAsync([some], folder, _ => $"{FullSteps} steps of full", output, said, cancellation))[0];
            results = [.. results, Full(steps, RunResult.Read(Path.Combine(root, "benchmarks", "results", "demo-full.json")))];
        }
        else
        {
            output.WriteLine("full is left out: its long run was that of the demo as it stands, without --set.");
        }

        ComparisonReport report = ComparisonReports.Create("UniPT demo", recipes[0], results);
        AnsiConsole.Write(MethodTable.Create(report));
        foreach (RunResult noted in results.Where(result => result.Note is not null))
        {
            output.WriteLine($"{noted.Label}: {noted.Note}");
        }

        IReadOnlyList<SearchResult> searches = Search(results.First(result => result.Method == "unipt"), output, cancellation);
        foreach (string sentence in report.Summary.Sentences())
        {
            output.WriteLine(sentence);
        }

        string page = Path.Combine(folder, "report.html");
        HtmlReport.Write(page, report with { Sections = [SearchSection.Of(searches)!] });
        output.WriteLine($"Report: {page}");
        FiguresFile.Write(arguments.GetValue(_json), results);
        return ExitCode.Ok;
    }

    private static Task<IReadOnlyList<RunResult>> RunAsync(
        IReadOnlyList<Recipe> recipes, string folder, Func<Recipe, string> label, TextWriter output, HashSet<string> said, CancellationToken cancellation) =>
        ComparisonRunner.RunAsync(recipes, folder, recipe => new TrainingProgress(AnsiConsole.Console, recipe, label(recipe), output, said), recipe => label(recipe).Replace(' ', '-'), cancellation);

    /// <summary>What some steps measured here, with the quality of a whole run.</summary>
    private static RunResult Full(RunResult steps, RunResult whole) => steps with
    {
        Label = whole.Method,
        Folder = "",
        Epochs = whole.Epochs,
        BestEpoch = whole.BestEpoch,
        Test = whole.Test,
        TestSplit = whole.TestSplit,
        SecondsPerEpoch = steps.SecondsPerEpoch / steps.Steps * whole.Steps / whole.Epochs,
        Note = $"memory and time were measured here over {steps.Steps} steps; its quality is that of a run of {whole.Epochs} epochs on {whole.Conditions.Finished:yyyy-MM-dd} ({whole.Conditions.Processor}, {whole.SecondsPerEpoch:f0} s an epoch), benchmarks/results/demo-full.json.",
    };

    private static List<SearchResult> Search(RunResult run, TextWriter output, CancellationToken cancellation)
    {
        using SearchIndex index = SearchIndex.Open(Path.Combine(run.Folder, "adapter"), cancellation: cancellation);
        var searches = new List<SearchResult>();
        foreach (string query in Queries)
        {
            IReadOnlyList<SearchHit> hits = index.ByText(query, 5);
            output.WriteLine($"\"{query}\": {string.Join(", ", hits.Select(hit => $"{hit.Captions[0]} ({hit.Score:f2})"))}");
            searches.Add(SearchResult.Of(index, query, null, hits));
        }

        return searches;
    }
}
