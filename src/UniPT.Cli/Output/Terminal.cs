using Spectre.Console;

namespace UniPT.Cli.Output;

/// <summary>What the two output streams lead to, and how they are written to.</summary>
internal static class Terminal
{
    // Tables are as wide as their content; this is only a bound.
    private const int PlainWidth = 10_000;

    /// <summary>
    /// Whether escape codes may go to a stream: not into a file or pipe, nor where the user (https://no-color.org) or the terminal wants none.
    /// </summary>
    internal static bool TakesEscapes(bool redirected) => !redirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not "dumb";

    /// <summary>The console for tables: without escape codes where they are not wanted, and unwrapped where nobody looks at lines.</summary>
    internal static IAnsiConsole Create(TextWriter output, bool redirected)
    {
        bool escapes = TakesEscapes(redirected);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = escapes ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = escapes ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = escapes ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new TerminalOutput(output, escapes),
        });
        if (redirected)
        {
            console.Profile.Width = PlainWidth;
        }

        return console;
    }

    /// <param name="Writer">Where it goes.</param>
    /// <param name="IsTerminal">Whether lines can be rewritten there.</param>
    private sealed record TerminalOutput(TextWriter Writer, bool IsTerminal) : IAnsiConsoleOutput
    {
        private readonly AnsiConsoleOutput _size = new(Writer);

        public int Width => _size.Width;

        public int Height => _size.Height;

        public void SetEncoding(System.Text.Encoding encoding) => _size.SetEncoding(encoding);
    }
}
