using UniPT.Training.Contracts;
using UniPT.Training.Recipes;

namespace UniPT.Training.Adapters;

/// <summary>
/// A saved adapter of any method and task on its backbones, ready to compute: <see cref="ModelAs{TModel}"/> gives the task's model. Its
/// model may be used by one thread at a time.
/// </summary>
public sealed class Adapter : IDisposable
{
    internal Adapter(string folder, AdapterConfig config, LearningTask task, TaskModel model) => (Folder, Config, Task, Model) = (folder, config, task, model);

    /// <summary>Where it was loaded from.</summary>
    public string Folder { get; }

    /// <summary>What its configuration says.</summary>
    public AdapterConfig Config { get; }

    /// <summary>The task, with the recipe that the adapter was trained with; its paths exist here.</summary>
    public LearningTask Task { get; }

    /// <summary>What it was trained with, with paths that exist here.</summary>
    public Recipe Recipe => Task.Recipe;

    /// <summary>The model, in evaluation; owned.</summary>
    public TaskModel Model { get; }

    /// <summary>Loads an adapter's folder, of whatever method and task, and checks everything that could be wrong with it.</summary>
    /// <param name="folder">A folder with <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>.</param>
    /// <param name="models">Where the backbones' weights are, if not where the adapter says.</param>
    /// <param name="device">Where to compute; null: where it was trained.</param>
    /// <exception cref="UserException">A file is missing, broken or changed, or the backbone is another.</exception>
    public static Adapter Load(string folder, string? models = null, DeviceKind? device = null) => AdapterFolder.Load(folder, models, device);

    /// <summary>The task's model.</summary>
    /// <exception cref="UserException">The adapter is another task's.</exception>
    public TModel ModelAs<TModel>() where TModel : TaskModel => Model as TModel
        ?? throw new UserException($"The adapter {Folder} was trained for the task {Config.Task}, whose model is a {Model.GetType().Name}; a {typeof(TModel).Name} is needed here.");

    /// <summary>Frees the weights that it owns.</summary>
    public void Dispose() => Model.Dispose();
}

/// <summary>
/// Several saved adapters of one task on the same backbones, which are loaded once and run once for all of them: whatever leaves the
/// hidden states as they are (<c>unipt</c>, <c>head</c>, <c>lst</c>).
/// </summary>
public sealed class SharedAdapters : IDisposable
{
    private SharedAdapters(IReadOnlyList<Adapter> adapters) => All = adapters;

    /// <summary>The adapters, in the order of the folders; the first owns the backbones.</summary>
    public IReadOnlyList<Adapter> All { get; }

    /// <summary>Loads adapters of the same task, backbones and preprocessing.</summary>
    /// <param name="folders">Their folders; at least one.</param>
    /// <param name="models">Where the backbones' weights are, if not where the first adapter says.</param>
    /// <param name="device">Where to compute; null: where the first was trained.</param>
    /// <exception cref="UserException">One cannot be loaded, does not fit the first, or changes the hidden states.</exception>
    public static SharedAdapters Load(IReadOnlyList<string> folders, string? models = null, DeviceKind? device = null)
    {
        var adapters = new List<Adapter>();
        try
        {
            foreach (string folder in folders)
            {
                adapters.Add(AdapterFolder.Load(folder, models, device, adapters.FirstOrDefault()));
            }

            return adapters.Count > 0 ? new SharedAdapters(adapters) : throw new UserException("A set of adapters needs one at least.");
        }
        catch
        {
            Free(adapters);
            throw;
        }
    }

    /// <summary>The models of a task, in the order of the folders.</summary>
    /// <exception cref="UserException">The adapters are another task's.</exception>
    public IReadOnlyList<TModel> ModelsAs<TModel>() where TModel : TaskModel => [.. All.Select(adapter => adapter.ModelAs<TModel>())];

    /// <summary>Frees the weights of all.</summary>
    public void Dispose() => Free(All);

    // The first owns the backbones, so it goes last.
    private static void Free(IReadOnlyList<Adapter> adapters)
    {
        foreach (Adapter adapter in adapters.Reverse())
        {
            adapter.Dispose();
        }
    }
}
