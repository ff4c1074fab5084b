using UniPT.Backbones;
using UniPT.Tasks.Retrieval.Model;
using UniPT.Torch;
using UniPT.Training.Recipes;
using UniPT.Training.Retrieval;

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
    internal static void Save(string folder, Recipe recipe, RetrievalModel model, RetrievalInputs inputs)
    {
        string full = Path.GetFullPath(folder);
        string beside = $"{full}.tmp";
        string old = $"{full}.old";
        try
        {
            // What a killed run left.
            Remove(beside);
            Remove(old);
            Write(beside, recipe, model, inputs);
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
    internal static RetrievalAdapter Load(
        string folder, string? weightsFolder = null, DeviceKind? device = null, RetrievalAdapter? beside = null) =>
        TorchErrors.Explain(() => Open(folder, weightsFolder, device, beside), "loading an adapter needs it: free memory");

    /// <summary>Copies an adapter's trained weights into a model of the same recipe.</summary>
    internal static void LoadState(string folder, RetrievalModel model)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(folder, ModelFile));
        model.LoadTrainedState(
            file.Entries.Keys.Where(name => name is not (AdapterProbe.PictureKey or AdapterProbe.TextKey)).ToDictionary(name => name, file.Read, StringComparer.Ordinal),
            file.Path);
    }

    private static RetrievalAdapter Open(string folder, string? weightsFolder, DeviceKind? device, RetrievalAdapter? beside)
    {
        AdapterConfig config = AdapterConfig.Read(folder);
        string modelFile = Path.Combine(folder, ModelFile);
        RequireUnchanged(modelFile, config.ModelSha256);
        Recipe recipe = BackboneFiles.Locate(config.ReadRecipe(folder), weightsFolder);
        recipe = recipe with { Device = device ?? beside?.Recipe.Device ?? recipe.Device };
        recipe.Device.Require();
        RequireFingerprint(recipe.Image.WeightsFile, config.ImageBackboneFingerprint, folder);
        RequireFingerprint(recipe.Text.WeightsFile, config.TextBackboneFingerprint, folder);
        using DisposeScope scope = torch.NewDisposeScope();
        using SafetensorsFile file = SafetensorsFile.Open(modelFile);
        RequirePreprocessing(file, config, recipe, folder);
        if (beside is not null)
        {
            RequireShared(folder, config, recipe, beside);
        }

        RetrievalModel model = RetrievalModelBuilder.Build(recipe, beside?.Model).Model;
        try
        {
            Dictionary<string, Tensor> tensors = file.Entries.Keys.ToDictionary(name => name, file.Read, StringComparer.Ordinal);
            Dictionary<string, Tensor> probe = new()
            {
                [AdapterProbe.PictureKey] = Take(tensors, AdapterProbe.PictureKey, modelFile),
                [AdapterProbe.TextKey] = Take(tensors, AdapterProbe.TextKey, modelFile),
            };
            model.LoadTrainedState(tensors, modelFile);
            model.SetTraining(false);
            CaptionTokenizer tokenizer = CaptionTokenizer.Open(recipe.Text);
            tokenizer.Fit(model.Text.Tuned.Backbone);
            var inputs = new RetrievalInputs(recipe, tokenizer);
            AdapterProbe.Check(model, inputs, probe, recipe.Precision, folder);
            return new RetrievalAdapter(folder, recipe, model, inputs);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static void Write(string folder, Recipe recipe, RetrievalModel model, RetrievalInputs inputs)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var preprocessing = new PreprocessingConfig(recipe.Data.ImageSize);
        var tensors = new Dictionary<string, Tensor>(model.TrainedState(), StringComparer.Ordinal);
        foreach ((string key, Tensor vector) in AdapterProbe.Compute(model, inputs))
        {
            tensors.Add(key, vector);
        }

        string modelFile = Path.Combine(folder, ModelFile);
        SafetensorsWriter.Write(modelFile, tensors, new Dictionary<string, string>
        {
            ["format"] = AdapterConfig.CurrentFormat,
            [PreprocessingKey] = preprocessing.ToString(),
        });
        AtomicFile.WriteText(AdapterConfig.FileIn(folder), new AdapterConfig
        {
            Format = AdapterConfig.CurrentFormat,
            Library = $"UniPT for .NET {typeof(AdapterFolder).Assembly.GetName().Version!.ToString(3)}",
            Task = "retrieval",
            PeftType = recipe.Method.Name,
            ImageBackboneFingerprint = BackboneFingerprint.Of(recipe.Image.WeightsFile),
            TextBackboneFingerprint = BackboneFingerprint.Of(recipe.Text.WeightsFile),
            ModelSha256 = FileHash.Sha256(modelFile),
            Preprocessing = preprocessing,
            Recipe = recipe.ToYaml(),
        }.ToJson());
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Tensor Take(Dictionary<string, Tensor> tensors, string name, string file) =>
        tensors.Remove(name, out Tensor? tensor) ? tensor : throw new UserException($"{file} has no tensor {name}.");

    private static void RequirePreprocessing(SafetensorsFile file, AdapterConfig config, Recipe recipe, string folder)
    {
        string saved = file.Metadata.GetValueOrDefault(PreprocessingKey, "");
        if (saved != config.Preprocessing.ToString() || config.Preprocessing.ImageSize != recipe.Data.ImageSize)
        {
            throw new UserException(
                $"The preprocessing of the adapter {folder} was changed: it was saved with {saved}, its configuration says {config.Preprocessing} and its recipe image_size {recipe.Data.ImageSize}.");
        }
    }

    private static void RequireFingerprint(string weights, string expected, string folder)
    {
        string found = BackboneFingerprint.Of(weights);
        if (found != expected)
        {
            throw new UserException(
                $"The adapter {folder} belongs to other weights than {weights}: it needs the fingerprint {FileHash.Shorten(expected)}…, the file has {FileHash.Shorten(found)}….");
        }
    }

    private static void RequireShared(string folder, AdapterConfig config, Recipe recipe, RetrievalAdapter beside)
    {
        AdapterConfig first = AdapterConfig.Read(beside.Folder);
        string? differs =
            (config.ImageBackboneFingerprint, recipe.Image.Backbone) != (first.ImageBackboneFingerprint, beside.Recipe.Image.Backbone) ? "image backbone"
            : (config.TextBackboneFingerprint, recipe.Text.Backbone) != (first.TextBackboneFingerprint, beside.Recipe.Text.Backbone) ? "text backbone"
            : recipe.Text.Vocabulary != beside.Recipe.Text.Vocabulary ? "vocabulary"
            : config.Preprocessing != first.Preprocessing ? "preprocessing"
            : recipe.Precision != beside.Recipe.Precision ? "precision"
            : null;
        if (differs is not null)
        {
            throw new UserException($"The adapters {beside.Folder} and {folder} cannot share a pass: they differ in their {differs}.");
        }

        // Before it is built: a method that reaches into the backbones would change them for the others.
        if (new[] { beside.Recipe, recipe }.FirstOrDefault(RetrievalModelBuilder.ChangesHiddenStates) is { } changing)
        {
            throw new UserException(
                $"The adapters {beside.Folder} and {folder} cannot share a pass: the method {changing.Method.Name} changes the backbones' hidden states.");
        }
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
