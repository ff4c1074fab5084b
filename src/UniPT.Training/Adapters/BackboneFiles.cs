using UniPT.Backbones.Pretrained;
using UniPT.Torch;
using UniPT.Training.Recipes;

namespace UniPT.Training.Adapters;

/// <summary>Finds the files that a recipe from elsewhere names: an adapter may be loaded on another machine.</summary>
internal static class BackboneFiles
{
    /// <summary>The recipe with paths that exist: as they are, or by file name in <paramref name="folder"/> or <c>models/</c>.</summary>
    /// <exception cref="UserException">A file is nowhere.</exception>
    internal static Recipe Locate(Recipe recipe, string? folder) => recipe with
    {
        Backbones = new OptionMap<BackboneOptions>(recipe.Backbones.Select(pair => KeyValuePair.Create(pair.Key, pair.Value with
        {
            Weights = pair.Value.Weights is { } weights ? Locate(weights, folder) : null,
            Vocabulary = pair.Value.Vocabulary is { } vocabulary ? Locate(vocabulary, folder) : null,
        }))),
    };

    private static string Locate(string path, string? folder)
    {
        if (PretrainedModels.IsName(path))
        {
            return path;
        }

        var weights = WeightsPath.Parse(path);
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(weights.Place));
        string[] places = folder is not null ? [Path.Combine(folder, name)] : [weights.Place, Path.Combine("models", name)];
        return places.FirstOrDefault(Path.Exists) is { } found
            ? weights.At(found)
            : throw new UserException($"The adapter needs {name}, which is not at {string.Join(" nor at ", places)}; name its folder with --models.");
    }
}
