using System.CommandLine;

namespace UniPT.Cli.CommandLine;

/// <summary>A subcommand: its options, what it runs, and the examples that its help shows.</summary>
internal abstract class Verb : Command
{
    protected Verb(string name, string description) : base(name, description) => SetAction(RunAsync);

    /// <summary>Command lines that a reader can copy.</summary>
    internal abstract IReadOnlyList<string> Examples { get; }

    /// <summary>Runs the verb; errors are thrown.</summary>
    /// <returns>The exit code.</returns>
    protected abstract Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation);
}
