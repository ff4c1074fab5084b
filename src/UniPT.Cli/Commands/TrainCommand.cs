using System.CommandLine;
using Spectre.Console;
using UniPT.Cli.CommandLine;
using UniPT.Cli.Output;
using UniPT.Reports;
using UniPT.Training;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;
using UniPT.Training.Runs;

namespace UniPT.Cli.Commands;

/// <summary><c>unipt train</c>: trains what a recipe describes.</summary>
internal sealed class TrainCommand : Verb
{
    private readonly Argument<string> _recipe = SharedOptions.Recipe();
    private readonly Option<string?> _data = SharedOptions.RecipeData();
    private readonly Option<string[]> _set = SharedOptions.Set();
    private readonly DeviceOption _device = new();
    private readonly Option<bool> _skipBad = SharedOptions.SkipBad();
    private readonly Option<string?> _out = SharedOptions.Out("The run's folder; by default runs/ and the recipe's name.");
    private readonly Option<bool> _resume = new("--resume") { Description = "Continues the run in that folder, to the same bits as if it had not been stopped." };
    private readonly Option<string?> _json = SharedOptions.Json();

    internal TrainCommand() : base("train", "Trains an adapter as a recipe says and measures it.")
    {
        Add(_recipe);
        Add(_data);
        Add(_set);
        Add(_device);
        Add(_skipBad);
        Add(_out);
        Add(_resume);
        Add(_json);
    }

    internal override IReadOnlyList<string> Examples =>
    [
        "unipt train recipes/emoji/unipt.yaml",
        "unipt train recipes/emoji/unipt.yaml --set train.epochs=5 --set data.image_size=128 --out runs/short",
        "unipt train recipes/emoji/unipt.yaml --out runs/short --resume",
        "unipt train recipes/emoji/unipt.yaml --data my-pictures.zip",
    ];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        TextWriter output = arguments.InvocationConfiguration.Output;
        string file = arguments.GetValue(_recipe)!;
        string[] overrides = SharedOptions.Overrides(arguments.GetValue(_set), arguments.GetValue(_device), arguments.GetValue(_data), skipBad: arguments.GetValue(_skipBad));
        Recipe recipe = Recipe.Load(file, Catalog.Recipes, overrides);
        string folder = arguments.GetValue(_out) ?? Path.Combine("runs", recipe.Name);
        bool resume = arguments.GetValue(_resume);
        bool finished = resume && RunDirectory.IsFinished(folder);
        RecipeNotices.Write(arguments.InvocationConfiguration.Error, [recipe], cancellation);
        output.WriteLine($"{recipe.Name}: trains on {recipe.Data.Path}, in {folder}");
        RunResult result;
        try
        {
            result = await Trainer.RunAsync(
                recipe, folder, resume, new TrainingProgress(AnsiConsole.Console, recipe, recipe.Name, output), cancellation);
        }
        catch (OperationCanceledException)
        {
            output.WriteLine();
            string[] command = ["unipt", "train", file, .. overrides.SelectMany(value => new[] { "--set", value }), "--out", folder, "--resume"];
            output.WriteLine($"Stopped; the state is saved. To continue: {ShellWords.Join(command)}");
            throw;
        }

        if (finished)
        {
            output.WriteLine($"{result.Name}: the run in {folder} is finished; nothing was done, these are its figures");
        }

        LearningTask task = TaskRegistry.Create(recipe);
        output.WriteLine($"{result.Name}: best epoch {result.BestEpoch + 1}, {result.TestSplit} {FigureLines.Of(task.Primary, result.Test[task.Primary.Name])}");
        FigureLines.Write(output, task.Figures, result.Test);
        output.WriteLine($"  {result.TrainableParameters:N0} trainable parameters; tensors of a step: {Units.Bytes(result.StepMemory.Peak)}; {result.SecondsPerEpoch:f1} s an epoch");
        output.WriteLine($"  adapter: {Path.Combine(folder, "adapter")}");
        FiguresFile.Write(arguments.GetValue(_json), result);
        return ExitCode.Ok;
    }
}
