using System.CommandLine;
using Spectre.Console;
using UniPT.Cli.CommandLine;
using UniPT.Cli.Output;
using UniPT.Reports;
using UniPT.Training.Comparison;
using UniPT.Training.Loop;
using UniPT.Training.Planning;
using UniPT.Training.Recipes;

namespace UniPT.Cli.Commands;

/// <summary><c>unipt plan</c>: how much memory training will need, before it begins.</summary>
internal sealed class PlanCommand : Verb
{
    private readonly Argument<string> _recipe = SharedOptions.Recipe();
    private readonly Option<string?> _methods = new("--methods") { Description = "Methods, separated by commas, or all; by default that of the recipe.", HelpName = "names" };
    private readonly Option<string?> _budget = new("--budget") { Description = "Says how large a batch fits into so much memory, such as 2GiB.", HelpName = "size" };
    private readonly Option<string[]> _set = SharedOptions.Set();
    private readonly DeviceOption _device = new();
    private readonly Option<bool> _skipBad = SharedOptions.SkipBad();
    private readonly Option<string?> _json = SharedOptions.Json();

    internal PlanCommand() : base("plan", "Predicts the memory of training, and the largest batch that fits a budget.")
    {
        Add(_recipe);
        Add(_methods);
        Add(_budget);
        Add(_set);
        Add(_device);
        Add(_skipBad);
        Add(_json);
    }

    internal override IReadOnlyList<string> Examples =>
    [
        "unipt plan recipes/emoji/unipt.yaml",
        "unipt plan recipes/emoji/unipt.yaml --methods all --budget 2GiB",
    ];

    protected override Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        string file = arguments.GetValue(_recipe)!;
        string[] overrides = SharedOptions.Overrides(arguments.GetValue(_set), arguments.GetValue(_device), skipBad: arguments.GetValue(_skipBad));
        long? budget = arguments.GetValue(_budget) is { } size ? ByteSize.Parse(size) : null;
        IReadOnlyList<Recipe> recipes = arguments.GetValue(_methods) is { } names
            ? ComparisonPlan.Create(file, MethodNames.Of(names), 1, overrides)
            : [Recipe.Load(file, overrides: overrides)];
        RecipeNotices.Write(arguments.InvocationConfiguration.Error, recipes, cancellation);
        Table table = new Table().Border(TableBorder.Simple).AddColumns("", "weights", "activations", "gradients", "optimizer", "in all");
        if (budget is not null)
        {
            table.AddColumn($"batch within {ByteSize.Format(budget.Value)}");
        }

        var plans = new List<MemoryPlan>();
        foreach (Recipe recipe in recipes)
        {
            MemoryPlan plan = MemoryPlanner.Plan(recipe, cancellation);
            plans.Add(plan);
            table.AddRow([.. Row(plan), .. budget is { } bytes ? new[] { plan.LargestBatch(bytes) is { } batch ? $"{batch}" : Units.NotMeasured } : []]);
        }

        AnsiConsole.Write(table);
        arguments.InvocationConfiguration.Output.WriteLine(
            $"Tensors of a training step, predicted from steps of a few examples, at a batch of {string.Join(", ", plans.Select(plan => plan.BatchSize).Distinct())}; the process takes more, see the README.");
        FiguresFile.Write(arguments.GetValue(_json), plans);
        return Task.FromResult(ExitCode.Ok);
    }

    private static string[] Row(MemoryPlan plan)
    {
        StepMemory step = plan.Step;
        return [plan.Method, .. new long?[] { step.Weights, step.Activations, step.Gradients, step.Optimizer, step.Peak }.Select(Units.Bytes)];
    }
}
