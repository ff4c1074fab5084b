using System.CommandLine;
using Spectre.Console;
using UniPT.Cli.CommandLine;
using UniPT.Cli.Output;
using UniPT.Reports;
using UniPT.Reports.Figures;
using UniPT.Training.Comparison;
using UniPT.Training.Recipes;
using UniPT.Training.Runs;
using UniPT.Training.Studies;

namespace UniPT.Cli.Commands;

/// <summary><c>unipt study</c>: one recipe, a few options varied, several seeds, one table.</summary>
internal sealed class StudyCommand : Verb
{
    private readonly Argument<string> _study = new("study") { Description = "A study's file, or the name of one in recipes/studies such as aggregation." };
    private readonly Option<int> _seeds = new WholeNumberOption("--seeds", "How many seeds each variant gets.", 3, 1, 1000);
    private readonly Option<string[]> _set = SharedOptions.Set();
    private readonly DeviceOption _device = new();
    private readonly Option<bool> _skipBad = SharedOptions.SkipBad();
    private readonly Option<string?> _out = SharedOptions.Out("Folder of the runs, by default runs/studies; finished ones are not repeated, those of other studies included.");
    private readonly Option<string?> _json = SharedOptions.Json();

    internal StudyCommand() : base("study", "Trains variants of one recipe and shows them in one table.")
    {
        Add(_study);
        Add(_seeds);
        Add(_set);
        Add(_device);
        Add(_skipBad);
        Add(_out);
        Add(_json);
    }

    internal override IReadOnlyList<string> Examples =>
    [
        "unipt study aggregation",
        "unipt study recipes/studies/interaction.yaml --seeds 1 --set train.epochs=2",
    ];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        TextWriter output = arguments.InvocationConfiguration.Output;
        var study = Study.Find(arguments.GetValue(_study)!, Checkout.Root is { } root ? Path.Combine(root, "recipes", "studies") : null);
        IReadOnlyList<Recipe> recipes = study.Plan(arguments.GetValue(_seeds), SharedOptions.Overrides(arguments.GetValue(_set), arguments.GetValue(_device), skipBad: arguments.GetValue(_skipBad)));
        string folder = arguments.GetValue(_out) ?? Path.Combine("runs", "studies");
        RecipeNotices.Write(arguments.InvocationConfiguration.Error, recipes, cancellation);
        output.WriteLine($"{study.Name}: trains on {recipes[0].Data.Path}, in {folder}");
        var said = new HashSet<string>();
        IReadOnlyList<RunResult> results = await ComparisonRunner.RunAsync(
            recipes, folder, recipe => new TrainingProgress(AnsiConsole.Console, recipe, $"{recipe.Name} (seed {recipe.Seed})", output, said), recipe => recipe.Name, cancellation);
        ComparisonReport report = ComparisonReports.Create($"{study.Name}: variants of {Path.GetFileName(study.RecipeFile)} compared", recipes[0], results);
        ComparisonOutput.Write(report, Path.Combine(folder, $"{study.Name}.html"), output);
        FiguresFile.Write(arguments.GetValue(_json), results);
        return ExitCode.Ok;
    }
}
