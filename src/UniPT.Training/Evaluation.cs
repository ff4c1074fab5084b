using UniPT.Torch;
using UniPT.Training.Adapters;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;

namespace UniPT.Training;

/// <summary>Measures saved adapters of any task.</summary>
public static class Evaluation
{
    /// <summary>The figures of adapters of the same task and backbones, which run once for all of them.</summary>
    /// <param name="adapterFolders">The adapters; without <paramref name="data"/> on the data set of the first.</param>
    /// <param name="data">A data set; null: the one that the first adapter was trained on.</param>
    /// <param name="split">train, val or test.</param>
    /// <param name="models">Where the backbones' weights are, if not where the adapter says.</param>
    /// <param name="device">Where to compute; null: where the first was trained.</param>
    /// <param name="skipBad">Whether examples that cannot be read are left out.</param>
    /// <param name="notice">Told what should be known of the data.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>The figures of each by name, in the order of the folders; <see cref="LearningTask.Figures"/> of the task describes them.</returns>
    /// <exception cref="UserException">They do not fit each other, or one of several changes the hidden states.</exception>
    public static IReadOnlyList<IReadOnlyDictionary<string, double>> Run(
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
        using SharedAdapters adapters = SharedAdapters.Load(adapterFolders, models, device);
        using TaskData opened = Open(adapters.All[0], data, skipBad, [split], notice);
        opened.RequireMeasurable(split);
        return opened.Evaluate([.. adapters.All.Select(adapter => adapter.Model)], split, new HiddenStateReader(opened), cancellation);
    }

    /// <summary>The figures of one adapter; see <see cref="Run(IReadOnlyList{string}, string?, string, string?, DeviceKind?, bool, Action{string}?, CancellationToken)"/>.</summary>
    public static IReadOnlyDictionary<string, double> Run(
        string adapterFolder,
        string? data = null,
        string split = "test",
        string? models = null,
        DeviceKind? device = null,
        bool skipBad = false,
        Action<string>? notice = null,
        CancellationToken cancellation = default) =>
        Run([adapterFolder], data, split, models, device, skipBad, notice, cancellation)[0];

    /// <summary>Opens an adapter's data set, or another one in its place, fitted to the adapter's model.</summary>
    /// <param name="adapter">The adapter.</param>
    /// <param name="data">A data set; null: the one that the adapter was trained on.</param>
    /// <param name="skipBad">Whether examples that cannot be read are left out.</param>
    /// <param name="splits">Of which splits to say what of the inputs is lost.</param>
    /// <param name="notice">Told what should be known of the data.</param>
    /// <exception cref="UserException">The data are missing, broken or do not fit the adapter.</exception>
    public static TaskData Open(Adapter adapter, string? data, bool skipBad, IReadOnlyList<string> splits, Action<string>? notice)
    {
        DataOptions options = adapter.Recipe.Data;
        Recipe recipe = adapter.Recipe with { Data = options with { Path = data ?? options.Path, SkipBad = skipBad || options.SkipBad } };
        TaskData opened = TaskRegistry.Create(recipe).OpenData();
        try
        {
            foreach (string sentence in opened.Notices.Concat(opened.Fit(adapter.Model, splits)))
            {
                notice?.Invoke(sentence);
            }

            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }
}
