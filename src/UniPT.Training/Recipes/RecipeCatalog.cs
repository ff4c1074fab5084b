namespace UniPT.Training.Recipes;

/// <summary>The names that a recipe may choose from.</summary>
public sealed record RecipeCatalog
{
    /// <summary>Tuning methods: the option record of each name.</summary>
    public required IReadOnlyDictionary<string, Type> Methods { get; init; }

    /// <summary>Image backbones.</summary>
    public required IReadOnlyCollection<string> ImageBackbones { get; init; }

    /// <summary>Text backbones.</summary>
    public required IReadOnlyCollection<string> TextBackbones { get; init; }
}
