using UniPT.Backbones;
using UniPT.Tasks.Retrieval.Data;
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
    /// <param name="name">What this shelf calls the split.</param>
    /// <param name="split">The split.</param>
    /// <param name="folder">Where they are written if they are not there.</param>
    /// <param name="recipe">Says which backbones read what.</param>
    /// <param name="model">Has the backbones.</param>
    /// <param name="data">Has the split.</param>
    internal RetrievalCaches Get(string name, ImageCaptionSplit split, string folder, Recipe recipe, RetrievalModel model, RetrievalData data)
    {
        var source = new Source(
            data.Set.Fingerprint,
            BackboneFingerprint.Of(recipe.Image.Weights),
            BackboneFingerprint.Of(recipe.Text.Weights),
            recipe.Data,
            recipe.Image,
            recipe.Text,
            recipe.Device);
        if (_splits.Remove(name, out (Source Source, RetrievalCaches Caches) kept) && kept.Source != source)
        {
            kept.Caches.Dispose();
            kept = default;
        }

        _splits[name] = kept.Caches is null
            ? (source, RetrievalCaches.Build(
                folder, name, model.Image.Tuned.Backbone, model.Text.Tuned.Backbone, split, data.Tokenize(split), data.Loader, recipe.Device.Name()))
            : kept;
        return _splits[name].Caches;
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
        string Pictures, string ImageWeights, string TextWeights, DataOptions Data, TowerOptions Image, TextTowerOptions Text, DeviceKind Device);
}
