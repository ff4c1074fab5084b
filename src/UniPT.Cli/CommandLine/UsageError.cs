using System.CommandLine;
using System.CommandLine.Parsing;

namespace UniPT.Cli.CommandLine;

/// <summary>What is wrong with a command line, in one sentence.</summary>
internal static class UsageError
{
    /// <summary>Throws for the first thing that the parser did not understand.</summary>
    /// <exception cref="UserException">There is one.</exception>
    internal static void ThrowIfAny(ParseResult arguments)
    {
        if (arguments.Action is { ClearsParseErrors: true })
        {
            return;
        }

        Command command = arguments.CommandResult.Command;
        string? sentence = arguments.UnmatchedTokens is [string token, ..] ? Unknown(command, token)
            : arguments.Errors is [{ } first, ..] ? first.Message.TrimEnd('.')
            : Empty(arguments.CommandResult);
        if (sentence is not null)
        {
            throw new UserException($"{sentence}; see {Name(command)} --help.");
        }
    }

    /// <summary>No path, name or query is the empty text, as a script gives it whose variable is not set.</summary>
    private static string? Empty(CommandResult command) => command.Children.FirstOrDefault(given => given.Tokens.Any(token => token.Value.Length == 0)) switch
    {
        OptionResult result => $"{result.Option.Name} is empty{(result.Option.HelpName is { } name ? $", expected {name}" : "")}",
        ArgumentResult result => $"The {result.Argument.Name} is empty",
        _ => null,
    };

    private static string Unknown(Command command, string token)
    {
        if (token.StartsWith('-'))
        {
            IEnumerable<Option> inherited = command.Parents.OfType<Command>().SelectMany(parent => parent.Options).Where(option => option.Recursive);
            IEnumerable<string> names = command.Options.Concat(inherited).SelectMany(option => option.Aliases.Prepend(option.Name));
            return $"{Name(command)} has no option {token}{Meant(token, names)}";
        }

        return command is RootCommand
            ? $"There is no verb '{token}'{Meant(token, command.Subcommands.Select(verb => verb.Name))}"
            : $"{Name(command)} does not know what to do with '{token}'";
    }

    private static string Name(Command command) => command is RootCommand ? "unipt" : $"unipt {command.Name}";

    private static string Meant(string token, IEnumerable<string> candidates) =>
        Spelling.Nearest(token, candidates) is { } nearest ? $" (did you mean {nearest}?)" : "";
}
