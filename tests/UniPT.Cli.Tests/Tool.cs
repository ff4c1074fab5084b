using System.Diagnostics;

namespace UniPT.Cli.Tests;

/// <summary>The real tool, run as a process of its own.</summary>
internal static class Tool
{
    private static readonly string Assembly = Path.Combine(AppContext.BaseDirectory, "unipt.dll");

    /// <summary>Runs it to its end with the given arguments.</summary>
    internal static ToolResult Run(params string[] arguments) => RunWith([], arguments);

    /// <summary>Runs it to its end with environment variables set.</summary>
    internal static ToolResult RunWith(Dictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Assembly, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ToolResult(process.ExitCode, output, error.Result);
    }
}
