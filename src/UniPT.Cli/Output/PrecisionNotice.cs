using UniPT.Training.Adapters;
using UniPT.Training.Recipes;

namespace UniPT.Cli.Output;

/// <summary>Says once that frozen backbones compute in a type that the machine is slow at.</summary>
internal static class PrecisionNotice
{
    internal static void Write(TextWriter error, params IEnumerable<Recipe> recipes)
    {
        if (recipes.Select(Precisions.Notice).OfType<string>().FirstOrDefault() is { } sentence)
        {
            error.WriteLine(sentence);
        }
    }

    /// <summary>The same for adapters.</summary>
    internal static void WriteOf(TextWriter error, DeviceKind? device, params IEnumerable<string> folders) => Write(error, folders.Select(folder =>
    {
        Recipe recipe = AdapterConfig.Read(folder).ReadRecipe(folder);
        return recipe with { Device = device ?? recipe.Device };
    }));
}
