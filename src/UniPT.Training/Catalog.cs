using UniPT.Backbones;
using UniPT.Training.Recipes;
using UniPT.Tuning;

namespace UniPT.Training;

/// <summary>Everything that this library registers by name.</summary>
public static class Catalog
{
    /// <summary>The methods and backbones that recipes may choose from.</summary>
    public static RecipeCatalog Recipes { get; } = new()
    {
        Methods = TuningRegistry.Methods,
        ImageBackbones = BackboneRegistry.Names(BackboneStream.Image),
        TextBackbones = BackboneRegistry.Names(BackboneStream.Text),
    };
}
