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

    /// <summary>When, in UTC.</summary>
    public required DateTime Began { get; init; }

    /// <summary>A run that begins now, here.</summary>
    internal static RunInfo Now(string data) => new()
    {
        Library = typeof(RunInfo).Assembly.GetName().Version!.ToString(3),
        Framework = RuntimeInformation.FrameworkDescription,
        System = RuntimeInformation.OSDescription,
        Data = data,
        Began = DateTime.UtcNow,
    };
}
