using System.Diagnostics;

namespace UniPT.Cli.Tests.EndToEnd;

/// <summary>A file system of one megabyte, which only the process that is run sees.</summary>
internal static class SmallDisk
{
    /// <summary>Whether this machine lets us mount one.</summary>
    internal static bool Available { get; } = Works();

    /// <summary>Runs the tool with the disk mounted on a folder.</summary>
    internal static ToolResult Run(string folder, string[] arguments) => RunWith($"mount -t tmpfs -o size=1m none '{folder}'", arguments);

    /// <summary>Runs the tool with a folder as on a disk that is read-only.</summary>
    internal static ToolResult RunReadOnly(string folder, string[] arguments) =>
        RunWith($"mount --bind '{folder}' '{folder}' && mount -o remount,bind,ro '{folder}'", arguments);

    private static ToolResult RunWith(string mount, string[] arguments)
    {
        using Process process = Tool.StartProgram("unshare", ["--mount", "sh", "-c", $"{mount} && exec \"$@\"", "sh", .. Tool.Command("unipt", arguments)]);
        return Tool.Finish(process);
    }

    private static bool Works()
    {
        try
        {
            using Process process = Tool.StartProgram("unshare", ["--mount", "mount", "-t", "tmpfs", "none", "/mnt"]);
            return Tool.Finish(process).ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
