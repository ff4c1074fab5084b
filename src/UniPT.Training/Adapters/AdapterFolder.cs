using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Training.Contracts;
using UniPT.Training.Models;
using UniPT.Training.Recipes;

namespace UniPT.Training.Adapters;

/// <summary>
/// A saved adapter: a folder with <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>. It cannot be put on
/// other weights, and neither file can change without the loading saying so.
/// </summary>
internal static class AdapterFolder
{
    internal const string ModelFile = "adapter_model.safetensors";
    private const string PreprocessingKey = "preprocessing";

    /// <summary>Writes the folder beside its place and exchanges it with what was there.</summary>
    internal static void Save(string folder, LearningTask task, TaskModel model)
    {
        string full = Path.GetFullPath(folder);
        string beside = $"{full}.tmp";
        string old = $"{full}.old";
        try
        {
            // What a killed run left.
            Remove(beside);
            Remove(old);
            Write(beside, task, model);
            if (Directory.Exists(full))
            {
                Directory.Move(full, old);
            }

            Directory.Move(beside, full);
            Remove(old);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"Cannot write the adapter {folder}: {error.Message}", error);
        }
    }

    /// <summary>Loads a folder and checks everything that could be wrong with it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="weightsFolder">Where the backbones' weights are, if not where the adapter says.</param>
    /// <param name="device">Where to compute; null: where it was trained.</param>
    /// <param name="beside">An adapter whose backbones it shares.</param>
    /// <exception cref="UserException">A file is missing, broken or changed, or the backbone is another.</exception>
    internal static Adapter Load(
        string folder, string? weightsFolder = null, DeviceKind? device = null, Adapter? beside = null) =>
        TorchErrors.Explain(() => Open(folder, weightsFolder, device, beside), "loading an adapter needs it: free memory");

    /// <summary>Copies an adapter's trained weights into a model of the same recipe.</summary>
    internal static void LoadState(string folder, TaskModel model)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(folder, ModelFile));
        model.LoadTrainedState(
            file.Entries.Keys.Where(name => !name.StartsWith(AdapterProbe.Prefix, StringComparison.Ordinal)).ToDictionary(name => name, file.Read, StringComparer.Ordinal),
            file.Path);
    }

    private static Adapter Open(string folder, string? weightsFolder, DeviceKind? device, Adapter? beside)
    {
        AdapterConfig config = AdapterConfig.Read(folder);
        string modelFile = Path.Combine(folder, ModelFile);
        RequireUnchanged(modelFile, config.ModelSha256);
        Recipe recipe = BackboneFiles.Locate(config.ReadRecipe(folder), weightsFolder);
        recipe = recipe with { Device = device ?? beside?.Recipe.Device ?? recipe.Device };
        recipe.Device.Require();
        if (recipe.Task.Name != config.Task)
        {
            throw new UserException($"The configuration of the adapter {folder} was changed: it says the task {config.Task}, its recipe {recipe.Task.Name}.");
        }

        foreach ((string name, BackboneOptions options) in recipe.Backbones)
        {
            RequireFingerprint(options.WeightsFile, config.Backbones.GetValueOrDefault(name, ""), folder);
        }

        LearningTask task = TaskRegistry.Create(recipe);
        using DisposeScope scope = torch.NewDisposeScope();
        using SafetensorsFile file = SafetensorsFile.Open(modelFile);
        RequirePreprocessing(file, config, task, folder);
        if (beside is not null)
        {
            RequireShared(folder, config, recipe, beside);
        }

        TaskModel model = TaskModelBuilder.Build(task, config.Content, beside?.Model);
        try
        {
            ILookup<bool, string> names = file.Entries.Keys.ToLookup(name => name.StartsWith(AdapterProbe.Prefix, StringComparison.Ordinal));
            model.LoadTrainedState(names[false].ToDictionary(name => name, file.Read, StringComparer.Ordinal), modelFile);
            model.SetTraining(false);
            AdapterProbe.Check(model, names[true].ToDictionary(name => name, file.Read, StringComparer.Ordinal), recipe.Precision, folder, modelFile);
            return new Adapter(folder, config, task, model);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static void Write(string folder, LearningTask task, TaskModel model)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Recipe recipe = task.Recipe;
        var tensors = new Dictionary<string, Tensor>(model.TrainedState(), StringComparer.Ordinal);
        foreach ((string key, Tensor vector) in AdapterProbe.Compute(model))
        {
            tensors.Add(key, vector);
        }

        var config = new AdapterConfig
        {
            Format = AdapterConfig.CurrentFormat,
            Library = $"UniPT for .NET {typeof(AdapterFolder).Assembly.GetName().Version!.ToString(3)}",
            Task = recipe.Task.Name,
            PeftType = recipe.Method.Name,
            Backbones = recipe.Backbones.ToDictionary(pair => pair.Key, pair => BackboneFingerprint.Of(pair.Value.WeightsFile), StringComparer.Ordinal),
            ModelSha256 = "",
            Preprocessing = task.Preprocessing,
            Content = model.Content,
            Recipe = recipe.ToYaml(),
        };
        string modelFile = Path.Combine(folder, ModelFile);
        SafetensorsWriter.Write(modelFile, tensors, new Dictionary<string, string>
        {
            ["format"] = AdapterConfig.CurrentFormat,
            [PreprocessingKey] = config.PreprocessingText,
        });
        AtomicFile.WriteText(AdapterConfig.FileIn(folder), (config with { ModelSha256 = FileHash.Sha256(modelFile) }).ToJson());
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void RequirePreprocessing(SafetensorsFile file, AdapterConfig config, LearningTask task, string folder)
    {
        string saved = file.Metadata.GetValueOrDefault(PreprocessingKey, "");
        if (saved != config.PreprocessingText)
        {
            throw new UserException($"The preprocessing of the adapter {folder} was changed: it was saved with {saved}, its configuration says {config.PreprocessingText}.");
        }

        foreach ((string key, string value) in task.Preprocessing)
        {
            if (config.Preprocessing.GetValueOrDefault(key) is var found && found != value)
            {
                throw new UserException($"The preprocessing of the adapter {folder} was changed: it was saved with {key} {found ?? "not given"}, its recipe says {value}.");
            }
        }
    }

    private static void RequireFingerprint(string? weights, string expected, string folder)
    {
        string found = BackboneFingerprint.Of(weights);
        if (found != expected)
        {
            throw new UserException(
                $"The adapter {folder} belongs to other weights than {weights}: it needs the fingerprint {FileHash.Shorten(expected)}…, the file has {FileHash.Shorten(found)}….");
        }
    }

    private static void RequireShared(string folder, AdapterConfig config, Recipe recipe, Adapter beside)
    {
        string? differs = config.Task != beside.Config.Task ? "task"
            : recipe.Backbones.Select(pair => DiffersIn(pair.Key, pair.Value)).FirstOrDefault(part => part is not null)
            ?? (!config.Preprocessing.OrderBy(pair => pair.Key, StringComparer.Ordinal).SequenceEqual(beside.Config.Preprocessing.OrderBy(pair => pair.Key, StringComparer.Ordinal)) ? "preprocessing"
            : recipe.Precision != beside.Recipe.Precision ? "precision"
            : null);
        if (differs is not null)
        {
            throw new UserException($"The adapters {beside.Folder} and {folder} cannot share a pass: they differ in their {differs}.");
        }

        // Before it is built: a method that reaches into the backbones would change them for the others.
        if (new[] { beside.Recipe, recipe }.FirstOrDefault(TaskModelBuilder.ChangesHiddenStates) is { } changing)
        {
            throw new UserException(
                $"The adapters {beside.Folder} and {folder} cannot share a pass: the method {changing.Method.Name} changes the backbones' hidden states.");
        }

        if (new[] { beside.Recipe, recipe }.FirstOrDefault(TaskModelBuilder.RunsBlocks) is { } running)
        {
            throw new UserException(
                $"The adapters {beside.Folder} and {folder} cannot share a pass: the method {running.Method.Name} runs the last blocks of the backbones itself; measure each on its own.");
        }

        string? DiffersIn(string name, BackboneOptions options) => beside.Recipe.Backbones.GetValueOrDefault(name) is not { } first
            || (config.Backbones[name], options.Architecture) != (beside.Config.Backbones[name], first.Architecture) ? $"{name} backbone"
            : options.Vocabulary != first.Vocabulary ? "vocabulary"
            : null;
    }

    private static void RequireUnchanged(string file, string expected)
    {
        string found = FileHash.Sha256(file);
        if (found != expected)
        {
            throw new UserException($"{file} was changed after it was saved: its SHA-256 is {FileHash.Shorten(found)}…, the configuration says {FileHash.Shorten(expected)}….");
        }
    }
}
