using System.CommandLine;

namespace UniPT.Cli.CommandLine;

/// <summary>What is wrong with a command line, in one sentence.</summary>
internal static class UsageError
{
    /// <summary>Throws for the first thing that the parser did not understand.</summary>
    /// <exception cref="UserException">There is one.</exception>
    internal static void ThrowIfAny(ParseResult arguments)
    {
        if (arguments.Errors.Count == 0 || arguments.Action is { ClearsParseErrors: true })
        {
            return;
        }

        Command command = arguments.CommandResult.Command;
        string sentence = arguments.UnmatchedTokens is [string token, ..]
            ? Unknown(command, token)
            : arguments.Errors[0].Message.TrimEnd('.');
        throw new UserException($"{sentence}; see {Name(command)} --help.");
    }

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
