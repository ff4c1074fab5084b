using System.Runtime.InteropServices;

namespace UniPT.Training.Runs;

/// <summary>How a run began, as <c>run.json</c> in its folder says.</summary>
internal sealed record RunInfo
{
    /// <summary>Version of the library that began it.</summary>
    public required string Library { get; init; }

    /// <summary>The .NET that it ran on.</summary>
    public required string Framework { get; init; }

    /// <summary>The operating system.</summary>
    public required string System { get; init; }

    /// <summary>Fingerprint of the data set.</summary>
    public required string Data { get; init; }

    /// <summary>Fingerprints of the backbones' files by the options that name them; null in runs of earlier versions.</summary>
    public IReadOnlyDictionary<string, string>? Files { get; init; }

    /// <summary>Where runs of an earlier version, of which there was one task, noted the pictures' backbone.</summary>
    public string? ImageWeights { get; init; }

    /// <summary>And the texts'.</summary>
    public string? TextWeights { get; init; }

    /// <summary>And its vocabulary.</summary>
    public string? Vocabulary { get; init; }

    /// <summary>When, in UTC.</summary>
    public required DateTime Began { get; init; }

    /// <summary>This library's version.</summary>
    internal static string CurrentLibrary { get; } = typeof(RunInfo).Assembly.GetName().Version!.ToString(3);

    /// <summary>What it reads.</summary>
    internal RunInputs Inputs => new(Data, Files ?? new Dictionary<string, string?>
    {
        ["backbones.image.weights"] = ImageWeights,
        ["backbones.text.weights"] = TextWeights,
        ["backbones.text.vocabulary"] = Vocabulary,
    }.Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value!, StringComparer.Ordinal));

    /// <summary>A run that begins now, here.</summary>
    internal static RunInfo Now(RunInputs inputs) => new()
    {
        Library = CurrentLibrary,
        Framework = RuntimeInformation.FrameworkDescription,
        System = RuntimeInformation.OSDescription,
        Data = inputs.Data,
        Files = inputs.Files,
        Began = DateTime.UtcNow,
    };
}
