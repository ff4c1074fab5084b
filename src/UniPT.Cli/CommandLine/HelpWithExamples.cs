using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace UniPT.Cli.CommandLine;

/// <summary>The usual help, followed by examples.</summary>
internal sealed class HelpWithExamples(IReadOnlyList<string> rootExamples) : SynchronousCommandLineAction
{
    private readonly HelpAction _help = new();

    /// <summary>Asking for help is no error, whatever else stands on the line.</summary>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        _help.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (string example in parseResult.CommandResult.Command is Verb verb ? verb.Examples : rootExamples)
        {
            output.WriteLine($"  {example}");
        }

        return ExitCode.Ok;
    }
}
