using UniPT.Backbones;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;
using UniPT.Tuning;

namespace UniPT.Training;

/// <summary>Everything that is registered by name.</summary>
public static class Catalog
{
    /// <summary>The tasks, methods and backbones that recipes may choose from now; a program may register more.</summary>
    public static RecipeCatalog Recipes => new()
    {
        Tasks = TaskRegistry.Tasks,
        Methods = TuningRegistry.Methods,
        Architectures = BackboneRegistry.Names,
    };
}
