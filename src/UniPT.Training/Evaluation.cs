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
    /// <param name="cancellation">Stops.</param>
    public static RetrievalMetrics Run(
        string adapterFolder,
        string? data = null,
        string split = "test",
        string? models = null,
        DeviceKind? device = null,
        CancellationToken cancellation = default)
    {
        using TensorScope scope = TensorScope.Begin();
        using RetrievalAdapter adapter = AdapterFolder.Load(adapterFolder, models, device);
        var recipe = data is null ? adapter.Recipe : adapter.Recipe with { Data = adapter.Recipe.Data with { Path = data } };
        using RetrievalData opened = RetrievalData.Open(recipe);
        return opened.Evaluator(opened.Split(split)).Measure(adapter.Model, null, null, cancellation);
    }
}
