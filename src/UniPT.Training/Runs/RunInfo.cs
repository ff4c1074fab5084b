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

    /// <summary>Fingerprint of the image backbone's weights; null in runs of versions that did not note it.</summary>
    public string? ImageWeights { get; init; }

    /// <summary>Fingerprint of the text backbone's weights.</summary>
    public string? TextWeights { get; init; }

    /// <summary>Fingerprint of the vocabulary.</summary>
    public string? Vocabulary { get; init; }

    /// <summary>When, in UTC.</summary>
    public required DateTime Began { get; init; }

    /// <summary>This library's version.</summary>
    internal static string CurrentLibrary { get; } = typeof(RunInfo).Assembly.GetName().Version!.ToString(3);

    /// <summary>What it reads.</summary>
    internal RunInputs Inputs => new(Data, ImageWeights, TextWeights, Vocabulary);

    /// <summary>A run that begins now, here.</summary>
    internal static RunInfo Now(RunInputs inputs) => new()
    {
        Library = CurrentLibrary,
        Framework = RuntimeInformation.FrameworkDescription,
        System = RuntimeInformation.OSDescription,
        Data = inputs.Data,
        ImageWeights = inputs.ImageWeights,
        TextWeights = inputs.TextWeights,
        Vocabulary = inputs.Vocabulary,
        Began = DateTime.UtcNow,
    };
}
