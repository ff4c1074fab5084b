using UniPT.Tuning;

namespace UniPT.Cli.Commands;

/// <summary>What <c>--methods</c> names.</summary>
internal static class MethodNames
{
    /// <summary>Methods separated by commas; <c>all</c> means every method that there is.</summary>
    internal static string[] Of(string names) => names.Trim() == "all"
        ? [.. TuningRegistry.Methods.Keys]
        : names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
