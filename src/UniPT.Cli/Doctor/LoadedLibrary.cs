using System.Diagnostics;

namespace UniPT.Cli.Doctor;

/// <summary>Native libraries that this process has loaded.</summary>
internal static class LoadedLibrary
{
    /// <summary>The path of the first loaded library whose file name starts with one of <paramref name="names"/>.</summary>
    internal static string? Find(params string[] names)
    {
        using var process = Process.GetCurrentProcess();
        return process.Modules.Cast<ProcessModule>()
            .Select(module => module.FileName)
            .FirstOrDefault(path => names.Any(name => Path.GetFileName(path).StartsWith(name, StringComparison.OrdinalIgnoreCase)));
    }
}
