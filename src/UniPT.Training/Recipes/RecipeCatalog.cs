using UniPT.Tuning;

namespace UniPT.Training.Recipes;

/// <summary>What a recipe may choose from by name.</summary>
public sealed record RecipeCatalog
{
    /// <summary>Tuning methods.</summary>
    public required IReadOnlyDictionary<string, TuningRegistration> Methods { get; init; }

    /// <summary>Image backbones.</summary>
    public required IReadOnlyList<string> ImageBackbones { get; init; }

    /// <summary>Text backbones.</summary>
    public required IReadOnlyList<string> TextBackbones { get; init; }
}
