using UniPT.Training.Contracts;
using UniPT.Tuning;

namespace UniPT.Training.Recipes;

/// <summary>What a recipe may choose from by name.</summary>
public sealed record RecipeCatalog
{
    /// <summary>Tasks.</summary>
    public required IReadOnlyDictionary<string, TaskRegistration> Tasks { get; init; }

    /// <summary>Tuning methods.</summary>
    public required IReadOnlyDictionary<string, TuningRegistration> Methods { get; init; }

    /// <summary>The architectures of backbones that have a stream, by the stream's name.</summary>
    public required Func<string, IReadOnlyList<string>> Architectures { get; init; }
}
