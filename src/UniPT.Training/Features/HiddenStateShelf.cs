using UniPT.Backbones;
using UniPT.Backbones.Caching;
using UniPT.Torch;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;

namespace UniPT.Training.Features;

/// <summary>
/// The kept hidden states of each backbone and split. Runs that follow each other, read the same and share a shelf take what is there
/// instead of running the frozen backbones again; a run that reads something else replaces it.
/// </summary>
internal sealed class HiddenStateShelf : IDisposable
{
    private const int BatchSize = 32;
    private readonly Dictionary<(string Backbone, string Split), (Source Source, HiddenStateCache Cache)> _kept = [];

    /// <summary>Lets a reader take the hidden states of train and val from here, where a recipe asks for that and the method leaves them as they are.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="recipe">Says which backbones read what.</param>
    /// <param name="model">Says which hidden states its method takes.</param>
    /// <param name="data">Has the splits.</param>
    /// <param name="folder">Where hidden states are written.</param>
    internal void Serve(HiddenStateReader reader, Recipe recipe, TaskModel model, TaskData data, string folder)
    {
        if (!recipe.Train.Cache || model.ChangesHiddenStates)
        {
            return;
        }

        foreach ((string name, BackboneOptions options) in recipe.Backbones)
        {
            BackboneStream stream = model.Tuned[name].Stream;
            var source = new Source(
                data.Fingerprint, BackboneFingerprint.Of(options.WeightsFile), recipe.Task.Name, string.Join("; ", data.Task.Preprocessing), recipe.Data, options, string.Join(", ", stream.LayerNames), recipe.Device, recipe.Precision);
            foreach (string split in data.KeptSplits)
            {
                BackboneInputs inputs = data.Inputs(name, split);
                HiddenStateCache cache = Get((name, split), source, () => Build(Path.Combine(folder, $"{split}.{name}.safetensors"), stream, data, inputs));
                reader.Keep(name, split, cache, inputs.Places()?.Index().ToDictionary(place => place.Index, place => place.Item));
            }
        }
    }

    /// <summary>What is kept of a backbone and split.</summary>
    internal HiddenStateCache Kept(string backbone, string split) => _kept[(backbone, split)].Cache;

    /// <summary>Runs a frozen backbone once over inputs, in the order of <see cref="BackboneInputs.InBatches"/>.</summary>
    internal static HiddenStateCache Build(string file, BackboneStream stream, TaskData data, BackboneInputs inputs)
    {
        BackboneInputs ordered = inputs.Ordered();
        return TorchErrors.Explain(
            () => HiddenStateCache.Build(file, stream, Batches(ordered), ordered.Count, ordered.Lengths, data.Task.Recipe.Device.Name(), ordered.MemoryLengths),
            $"train.cache takes {BatchSize} examples at once: {(data.Task.InputSizeOption is { } option ? $"lower {option} or " : "")}set train.cache to false");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((_, HiddenStateCache cache) in _kept.Values)
        {
            cache.Dispose();
        }
    }

    private static IEnumerable<BackboneInput> Batches(BackboneInputs inputs)
    {
        foreach (int[] chunk in inputs.InBatches(BatchSize))
        {
            // Open until the next batch is asked for.
            using DisposeScope scope = torch.NewDisposeScope();
            yield return inputs.Batch(chunk);
        }
    }

    private HiddenStateCache Get((string Backbone, string Split) of, Source source, Func<HiddenStateCache> build)
    {
        if (_kept.Remove(of, out (Source Source, HiddenStateCache Cache) kept) && kept.Source != source)
        {
            kept.Cache.Dispose();
            kept = default;
        }

        HiddenStateCache cache = kept.Cache ?? build();
        _kept[of] = (source, cache);
        return cache;
    }

    /// <summary>All that hidden states depend on.</summary>
    private sealed record Source(
        string Data, string Weights, string Task, string Preprocessing, DataOptions Options, BackboneOptions Backbone, string Layers, DeviceKind Device, Precision Precision);
}
