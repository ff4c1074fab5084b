using UniPT.Tasks.Retrieval.Metrics;
using UniPT.Torch;
using UniPT.Training.Adapters;
using UniPT.Training.Recipes;
using UniPT.Training.Retrieval;

namespace UniPT.Training;

/// <summary>Measures a saved adapter.</summary>
public static class Evaluation
{
    /// <summary>Recalls of an adapter on a split of a data set.</summary>
    /// <param name="adapterFolder">An adapter, or a run with one in it.</param>
    /// <param name="data">A data set; null: the one that the adapter was trained on.</param>
    /// <param name="split">train, val or test.</param>
    /// <param name="models">Where the backbones' weights are, if not where the adapter says.</param>
    /// <param name="device">Where to compute; null: where it was trained.</param>
    /// <param name="skipBad">Whether pictures that cannot be decoded are left out.</param>
    /// <param name="notice">Told what should be known of the data.</param>
    /// <param name="cancellation">Stops.</param>
    public static RetrievalMetrics Run(
        string adapterFolder,
        string? data = null,
        string split = "test",
        string? models = null,
        DeviceKind? device = null,
        bool skipBad = false,
        Action<string>? notice = null,
        CancellationToken cancellation = default)
    {
        TensorMemory.Watch();
        using DisposeScope scope = torch.NewDisposeScope();
        using RetrievalAdapter adapter = AdapterFolder.Load(adapterFolder, models, device);
        using RetrievalData opened = Open(On(data, skipBad, adapter.Recipe), notice);
        return opened.Evaluator(opened.Split(split)).Measure(adapter.Model, null, null, cancellation);
    }

    /// <summary>The same for several adapters of the same backbones, which run once for all of them.</summary>
    /// <param name="adapterFolders">The adapters; without <paramref name="data"/> on the data set of the first.</param>
    /// <param name="data">A data set; null: the one that the first adapter was trained on.</param>
    /// <param name="split">train, val or test.</param>
    /// <param name="models">Where the backbones' weights are, if not where the adapter says.</param>
    /// <param name="device">Where to compute; null: where the first was trained.</param>
    /// <param name="skipBad">Whether pictures that cannot be decoded are left out.</param>
    /// <param name="notice">Told what should be known of the data.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>The recalls of each, in the order of the folders.</returns>
    /// <exception cref="UserException">They do not fit each other, or a method among them changes the hidden states.</exception>
    public static IReadOnlyList<RetrievalMetrics> RunAll(
        IReadOnlyList<string> adapterFolders,
        string? data = null,
        string split = "test",
        string? models = null,
        DeviceKind? device = null,
        bool skipBad = false,
        Action<string>? notice = null,
        CancellationToken cancellation = default)
    {
        TensorMemory.Watch();
        using DisposeScope scope = torch.NewDisposeScope();
        using RetrievalAdapterSet set = RetrievalAdapterSet.Load(adapterFolders, models, device);
        using RetrievalData opened = Open(On(data, skipBad, set.Recipe), notice);
        return opened.Evaluator(opened.Split(split)).Measure(set, cancellation);
    }

    /// <summary>A recipe with other data.</summary>
    internal static Recipe On(string? data, bool skipBad, Recipe recipe) =>
        recipe with { Data = recipe.Data with { Path = data ?? recipe.Data.Path, SkipBad = skipBad || recipe.Data.SkipBad } };

    /// <summary>A recipe's data, of which is said what should be known.</summary>
    internal static RetrievalData Open(Recipe recipe, Action<string>? notice)
    {
        RetrievalData data = RetrievalData.Open(recipe);
        foreach (string sentence in data.Set.Notices)
        {
            notice?.Invoke(sentence);
        }

        return data;
    }
}
