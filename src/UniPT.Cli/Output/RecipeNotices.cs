using UniPT.Backbones.Pretrained;
using UniPT.Training.Adapters;
using UniPT.Training.Recipes;

namespace UniPT.Cli.Output;

/// <summary>What a user hears before recipes run: what is slow on this machine, and what has to be fetched first, which is done here.</summary>
internal static class RecipeNotices
{
    /// <exception cref="UserException">A model that a recipe names cannot be fetched.</exception>
    internal static void Write(TextWriter error, IReadOnlyList<Recipe> recipes, CancellationToken cancellation)
    {
        foreach (PretrainedModel model in recipes.SelectMany(Models).Distinct())
        {
            ModelCache.Default(error.WriteLine).Require(model, cancellation);
        }

        if (recipes.Select(Precisions.Notice).OfType<string>().FirstOrDefault() is { } sentence)
        {
            error.WriteLine(sentence);
        }
    }

    /// <summary>The same for adapters.</summary>
    internal static void WriteOf(TextWriter error, DeviceKind? device, IEnumerable<string> folders, CancellationToken cancellation) => Write(
        error,
        [
            .. folders.Select(folder =>
            {
                Recipe recipe = AdapterConfig.Read(folder).ReadRecipe(folder);
                return recipe with { Device = device ?? recipe.Device };
            }),
        ],
        cancellation);

    private static IEnumerable<PretrainedModel> Models(Recipe recipe) =>
        recipe.Backbones.Values.SelectMany(backbone => new[] { backbone.Weights ?? "", backbone.Vocabulary ?? "" }).Select(PretrainedModels.Find).OfType<PretrainedModel>();
}
