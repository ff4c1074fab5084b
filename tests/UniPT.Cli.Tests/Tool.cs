using System.Diagnostics;
using UniPT.Testing;

namespace UniPT.Cli.Tests;

/// <summary>Programs of this project, run as processes of their own in the repository's root.</summary>
internal static class Tool
{
    /// <summary>Runs the tool to its end.</summary>
    internal static ToolResult Run(params string[] arguments) => RunWith([], arguments);

    /// <summary>Runs the tool to its end with environment variables set.</summary>
    internal static ToolResult RunWith(Dictionary<string, string> environment, params string[] arguments) =>
        RunProgram("unipt", environment, arguments);

    /// <summary>Runs a program that this project refers to.</summary>
    internal static ToolResult RunProgram(string name, Dictionary<string, string> environment, params string[] arguments)
    {
        using Process process = Start(name, environment, arguments);
        return Finish(process);
    }

    /// <summary>Starts a program that this project refers to.</summary>
    internal static Process Start(string name, Dictionary<string, string> environment, string[] arguments) =>
        StartProgram("dotnet", Command(name, arguments)[1..], environment);

    /// <summary>The command line of a program that this project refers to.</summary>
    internal static string[] Command(string name, string[] arguments) => ["dotnet", Path.Combine(AppContext.BaseDirectory, $"{name}.dll"), .. arguments];

    /// <summary>Starts any program.</summary>
    internal static Process StartProgram(string program, string[] arguments, Dictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = RepositoryPaths.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string variable, string value) in environment ?? [])
        {
            start.Environment[variable] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Waits for a program's end.</summary>
    internal static ToolResult Finish(Process process)
    {
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ToolResult(process.ExitCode, output, error.Result);
    }
}
