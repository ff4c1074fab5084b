using System.Text.Json.Serialization;
using UniPT.Training.Loop;

namespace UniPT.Training.Runs;

/// <summary>The figures of a finished run, as <c>result.json</c> and <c>--json</c> have them.</summary>
public sealed record RunResult
{
    /// <summary>The recipe's name.</summary>
    public required string Name { get; init; }

    /// <summary>The task's name.</summary>
    public required string Task { get; init; }

    /// <summary>The tuning method.</summary>
    public required string Method { get; init; }

    /// <summary>The run's seed.</summary>
    public required long Seed { get; init; }

    /// <summary>Epochs that were trained.</summary>
    public required int Epochs { get; init; }

    /// <summary>Steps that were trained.</summary>
    public required long Steps { get; init; }

    /// <summary>The epoch, from 0, whose weights the adapter has.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>The primary figure on the validation split then.</summary>
    public required double BestValidation { get; init; }

    /// <summary>The task's figures on the test split (or, without one, on the validation split), by name.</summary>
    public required IReadOnlyDictionary<string, double> Test { get; init; }

    /// <summary>The split that <see cref="Test"/> was measured on.</summary>
    public required string TestSplit { get; init; }

    /// <summary>Number of weights that were trained.</summary>
    public required long TrainableParameters { get; init; }

    /// <summary>Number of all weights.</summary>
    public required long TotalParameters { get; init; }

    /// <summary>Tensor bytes of the largest training step; its peak is null where it was not measured.</summary>
    public required StepMemory StepMemory { get; init; }

    /// <summary>Most bytes of memory that the process held so far (its resident high-water mark); null where the system does not tell.</summary>
    public required long? ProcessPeak { get; init; }

    /// <summary>Median training seconds of an epoch, without evaluation.</summary>
    public required double SecondsPerEpoch { get; init; }

    /// <summary>What the figures were measured under.</summary>
    public required RunConditions Conditions { get; init; }

    /// <summary>What comparisons call the run: its method, where nothing else was said.</summary>
    [JsonIgnore]
    public string Label { get => field ?? Method; init; }

    /// <summary>What readers of a comparison must know beside the figures; null for nothing.</summary>
    [JsonIgnore]
    public string? Note { get; init; }

    /// <summary>The run's folder; empty for figures that have none.</summary>
    [JsonIgnore]
    public string Folder { get; init; } = "";

    /// <summary>Reads figures as <c>result.json</c> or <c>--json</c> of one run has them.</summary>
    /// <exception cref="UserException">The file cannot be read, or holds something else.</exception>
    public static RunResult Read(string path) => JsonFile.Read<RunResult>(path, "a run's figures", FormerResults.Translate);

    /// <summary>Reads figures of several runs as <c>--json</c> of a comparison has them.</summary>
    /// <exception cref="UserException">The file cannot be read, or holds something else.</exception>
    public static IReadOnlyList<RunResult> ReadAll(string path) => JsonFile.Read<RunResult[]>(path, "the figures of several runs", FormerResults.Translate);
}
