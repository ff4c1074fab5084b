namespace UniPT.Cli.CommandLine;

/// <summary>How the process ends.</summary>
internal static class ExitCode
{
    internal const int Ok = 0;
    internal const int Bug = 1;
    internal const int UserError = 2;
    internal const int Interrupted = 130;
}
