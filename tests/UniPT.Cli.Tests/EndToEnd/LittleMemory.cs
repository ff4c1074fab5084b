using System.Diagnostics;

namespace UniPT.Cli.Tests.EndToEnd;

/// <summary>Runs the tool where the system gives it no more than so much memory of its own.</summary>
internal static class LittleMemory
{
    /// <summary>Whether this machine can limit a process so.</summary>
    internal static bool Available { get; } = Works();

    /// <summary>Runs the tool.</summary>
    /// <param name="mebibytes">Memory for data: the heaps of .NET and of libtorch and the stacks, but no mapped files and no code.</param>
    /// <param name="arguments">The tool's arguments.</param>
    internal static ToolResult Run(int mebibytes, params string[] arguments)
    {
        using Process process = Tool.StartProgram("prlimit", [$"--data={(long)mebibytes << 20}", .. Tool.Command("unipt", arguments)]);
        return Tool.Finish(process);
    }

    private static bool Works()
    {
        try
        {
            using Process process = Tool.StartProgram("prlimit", ["--data=1073741824", "true"]);
            return Tool.Finish(process).ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
