using System.CommandLine;
using System.CommandLine.Help;
using Spectre.Console;
using UniPT.Cli.Commands;
using UniPT.Cli.Output;

namespace UniPT.Cli.CommandLine;

/// <summary>From the arguments to the exit code.</summary>
internal static class Invocation
{
    /// <summary>What the help of the tool itself shows.</summary>
    internal static IReadOnlyList<string> Examples { get; } =
    [
        "unipt demo",
        "unipt train recipes/emoji/unipt.yaml",
        "unipt search runs/emoji-unipt \"a red fruit\"",
        "unipt doctor",
    ];

    /// <summary>Parses the arguments and runs the verb that they name.</summary>
    internal static Task<int> RunAsync(string[] args) => ErrorBoundary.RunAsync(async cancellation =>
    {
        // A query may start with '@': no response files.
        ParseResult arguments = Root().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        UsageError.ThrowIfAny(arguments);
        OutputFileOption.RequireWritable(arguments);
        AnsiConsole.Console = Terminal.Create(Console.Out, Console.IsOutputRedirected);
        var configuration = new InvocationConfiguration
        {
            Output = new PrintableWriter(Console.Out, !Console.IsOutputRedirected),
            Error = new PrintableWriter(Console.Error, !Console.IsErrorRedirected),
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        return await arguments.InvokeAsync(configuration, cancellation);
    });

    /// <summary>All verbs.</summary>
    internal static RootCommand Root()
    {
        var help = new HelpWithExamples(Examples);
        var root = new RootCommand("Adapts pretrained models to your own data on little memory.")
        {
            new DemoCommand(),
            new TrainCommand(),
            new EvaluateCommand(),
            new PredictCommand(),
            new SearchCommand(),
            new CompareCommand(),
            new StudyCommand(),
            new TuneCommand(),
            new PlanCommand(),
            new MergeCommand(),
            new ModelsCommand(),
            new InspectCommand(),
            new DoctorCommand(),
        };
        root.Options.OfType<HelpOption>().Single().Action = help;
        root.SetAction(help.Invoke);
        return root;
    }
}
