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

    /// <summary>The options of which this catalog has the allowed values, by their dotted keys.</summary>
    internal IReadOnlyDictionary<string, IReadOnlyList<string>> Names => new Dictionary<string, IReadOnlyList<string>>
    {
        ["image.backbone"] = ImageBackbones,
        ["text.backbone"] = TextBackbones,
    };
}
