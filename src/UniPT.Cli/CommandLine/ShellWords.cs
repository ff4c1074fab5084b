using System.Text.RegularExpressions;

namespace UniPT.Cli.CommandLine;

/// <summary>Command lines that a shell reads back as they were.</summary>
internal static partial class ShellWords
{
    /// <summary>The words with single quotes where they are needed.</summary>
    internal static string Join(IEnumerable<string> words) =>
        string.Join(' ', words.Select(word => Plain().IsMatch(word) ? word : $"'{word.Replace("'", "'\\''")}'"));

    [GeneratedRegex(@"^[A-Za-z0-9_@%+=:,./-]+\z")]
    private static partial Regex Plain();
}
