using UniPT.Tuning;

namespace UniPT.Training.Recipes;

/// <summary>What a recipe may choose from by name.</summary>
public sealed record RecipeCatalog
{
    /// <summary>Tuning methods.</summary>
    public required IReadOnlyList<MethodRegistration> Methods { get; init; }

    /// <summary>Image backbones.</summary>
    public required IReadOnlyList<string> ImageBackbones { get; init; }

    /// <summary>Text backbones.</summary>
    public required IReadOnlyList<string> TextBackbones { get; init; }

    /// <summary>The method that a recipe chose.</summary>
    public TuningMethod CreateMethod(MethodChoice choice) =>
        Methods.Single(method => method.Name == choice.Name).Create(choice.Options);
}
