using UniPT.Backbones;
using UniPT.Tasks.Retrieval.Model;
using UniPT.Training.Recipes;

namespace UniPT.Training.Retrieval;

/// <summary>
/// The kept hidden states of each split. Runs that follow each other, read the same and share a shelf take what is there
/// instead of running the frozen backbones again; a run that reads something else replaces it.
/// </summary>
internal sealed class CacheShelf : IDisposable
{
    private readonly Dictionary<string, (Source Source, RetrievalCaches Caches)> _splits = [];

    /// <summary>The hidden states of a split; the shelf frees them.</summary>
    /// <param name="split">What this shelf calls the split.</param>
    /// <param name="recipe">Says which backbones read what.</param>
    /// <param name="model">Says which hidden states its method takes.</param>
    /// <param name="data">Has the split.</param>
    /// <param name="build">Runs the backbones, if they are not there.</param>
    internal RetrievalCaches Get(string split, Recipe recipe, RetrievalModel model, RetrievalData data, Func<RetrievalCaches> build)
    {
        var source = new Source(
            data.Set.Fingerprint,
            BackboneFingerprint.Of(recipe.Image.WeightsFile),
            BackboneFingerprint.Of(recipe.Text.WeightsFile),
            recipe.Data,
            recipe.Image,
            recipe.Text,
            string.Join(", ", model.Image.Tuned.Stream.LayerNames),
            string.Join(", ", model.Text.Tuned.Stream.LayerNames),
            recipe.Device,
            recipe.Precision);
        if (_splits.Remove(split, out (Source Source, RetrievalCaches Caches) kept) && kept.Source != source)
        {
            kept.Caches.Dispose();
            kept = default;
        }

        RetrievalCaches caches = kept.Caches ?? build();
        _splits[split] = (source, caches);
        return caches;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((_, RetrievalCaches caches) in _splits.Values)
        {
            caches.Dispose();
        }
    }

    /// <summary>All that hidden states depend on.</summary>
    private sealed record Source(
        string Pictures,
        string ImageWeights,
        string TextWeights,
        DataOptions Data,
        TowerOptions Image,
        TextTowerOptions Text,
        string ImageLayers,
        string TextLayers,
        DeviceKind Device,
        Precision Precision);
}
