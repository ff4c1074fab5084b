using System.CommandLine;
using UniPT.Cli.CommandLine;
using UniPT.Training.Recipes;
using UniPT.Tuning;

namespace UniPT.Cli.Commands;

/// <summary>Options that several verbs have, always with the same name and meaning.</summary>
internal static class SharedOptions
{
    internal static Argument<string> Recipe() => new("recipe") { Description = "The recipe, a YAML file such as recipes/emoji/unipt.yaml." };

    internal static Argument<string> Adapter() => new("adapter") { Description = "An adapter's folder, or a run's folder." };

    internal static Option<string[]> Set() => new("--set")
    {
        Description = "Overrides one option of the recipe: key=value, such as train.epochs=3. May be repeated.",
        HelpName = "key=value",
        AllowMultipleArgumentsPerToken = false,
    };

    internal static Option<string?> Json() => new OutputFileOption("--json", "Writes the figures to this file as JSON.");

    internal static Option<string?> Data() => new("--data")
    {
        Description = "A data set; by default the one that the adapter was trained on.",
        HelpName = "path",
    };

    /// <summary>For verbs that take a recipe.</summary>
    internal static Option<string?> RecipeData() => new("--data")
    {
        Description = "A data set, instead of the recipe's.",
        HelpName = "path",
    };

    internal static Option<string> Split() => new("--split")
    {
        Description = "Which part of the data: train, val or test.",
        DefaultValueFactory = _ => "test",
        HelpName = "name",
    };

    internal static Option<string?> Models() => new("--models")
    {
        Description = "Folder with the backbones' weights, if they are not where the adapter says.",
        HelpName = "folder",
    };

    internal static Option<bool> SkipBad() => new("--skip-bad") { Description = "Leaves out examples that cannot be read, as data.skip_bad: true does." };

    /// <summary>What stands over the recipe: the values of --set, then the device, the data and what of them is left out.</summary>
    internal static string[] Overrides(string[]? set, DeviceKind? device, string? data = null, bool skipBad = false) =>
    [
        .. set ?? [],
        .. device is { } named ? [$"device={named.ToString().ToLowerInvariant()}"] : Array.Empty<string>(),
        .. data is not null ? [$"data.path={data}"] : Array.Empty<string>(),
        .. skipBad ? ["data.skip_bad=true"] : Array.Empty<string>(),
    ];

    internal static Option<string?> Out(string what) => new("--out") { Description = what, HelpName = "folder" };
}

/// <summary>Lets a run's folder stand for the adapter in it.</summary>
internal static class AdapterPath
{
    internal static string Of(string path)
    {
        string inside = Path.Combine(path, "adapter");
        return Directory.Exists(inside) ? inside : path;
    }
}

/// <summary>What <c>--methods</c> names.</summary>
internal static class MethodNames
{
    /// <summary>Methods separated by commas; <c>all</c> means every method that there is.</summary>
    internal static string[] Of(string names) => names.Trim() == "all"
        ? [.. TuningRegistry.Methods.Keys]
        : names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
