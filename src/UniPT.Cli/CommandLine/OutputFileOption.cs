using System.CommandLine;
using System.CommandLine.Parsing;

namespace UniPT.Cli.CommandLine;

/// <summary>An option that names a file to write at the end of the work.</summary>
internal sealed class OutputFileOption : Option<string?>
{
    internal OutputFileOption(string name, string description) : base(name)
    {
        Description = description;
        HelpName = "file";
    }

    /// <summary>Checks before the work that all that are given can be written.</summary>
    /// <exception cref="UserException">One cannot.</exception>
    internal static void RequireWritable(ParseResult arguments)
    {
        foreach (OptionResult given in arguments.CommandResult.Children.OfType<OptionResult>().Where(result => result.Option is OutputFileOption))
        {
            foreach (Token token in given.Tokens)
            {
                AtomicFile.RequireWritable(token.Value);
            }
        }
    }
}
