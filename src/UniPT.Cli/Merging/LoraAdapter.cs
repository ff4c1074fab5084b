using UniPT.Backbones;
using UniPT.Backbones.Pretrained;
using UniPT.Torch;
using UniPT.Training.Adapters;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;
using UniPT.Tuning;
using UniPT.Tuning.Lora;

namespace UniPT.Cli.Merging;

/// <summary>An adapter with LoRA, and the backbones that it changes.</summary>
/// <param name="Folder">Where it is.</param>
/// <param name="ModelFile">Its weights.</param>
/// <param name="Parts">The backbones.</param>
internal sealed record LoraAdapter(string Folder, string ModelFile, IReadOnlyList<LoraPart> Parts)
{
    /// <summary>One that training made.</summary>
    internal static LoraAdapter OfTraining(string folder, string? models)
    {
        AdapterConfig config = AdapterConfig.Read(folder);
        if (config.PeftType != "lora")
        {
            throw new UserException($"{folder} was trained with {config.PeftType}; only what lora trains becomes part of a backbone's weights.");
        }

        string model = Path.Combine(folder, "adapter_model.safetensors");
        if (FileHash.Sha256(model) != config.ModelSha256)
        {
            throw new UserException($"{model} was changed after it was saved: its SHA-256 is not that of the configuration.");
        }

        Recipe recipe = config.ReadRecipe(folder);
        LearningTask task = TaskRegistry.Create(recipe);
        IReadOnlyList<BackboneNeed> needs = TaskRegistry.Get(recipe.Task.Name).Backbones;
        return new(folder, model, [.. recipe.Backbones.Where(pair => !pair.Value.Frozen).Select(pair => Of(pair.Key, pair.Value))]);

        LoraPart Of(string name, BackboneOptions options) => new(
            name, options.Architecture, config.Backbones[name], required => Located(options.Weights ?? "", models, required), opened =>
            {
                BackboneStream stream = opened.Streams[needs.First(need => need.Name == name).Stream];
                return new LoraMethod((LoraOptions)recipe.Method.OptionsOf(name)).Attach(
                    options.Selected(stream), Weights.Open(model, trainable: true) / name / "method", task.OutputOf(name));
            });
    }

    /// <summary>One that Hugging Face's PEFT wrote, of which the command line says what it belongs to.</summary>
    internal static LoraAdapter OfPeft(string folder, string? architectures, string? weights)
    {
        string[] names = [.. (architectures ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct()];
        if (names.Length == 0)
        {
            throw new UserException($"{folder} is an adapter of PEFT{(PeftConfig.Read(folder).BaseModelNameOrPath is { } model ? $" for {model}" : "")}; say what its weights are with --architecture, such as bert, and where with --weights.");
        }

        string? Weights(bool required) => weights is not null ? PretrainedModels.WeightsOf(weights)
            : required ? throw new UserException($"{folder} is an adapter of PEFT; give the weights that it was trained on with --weights.")
            : null;
        return new(folder, PeftLora.FileIn(folder), [.. names.Select(name => new LoraPart(null, name, null, Weights, opened => PeftLora.Load(folder, opened)))]);
    }

    /// <summary>With one of its backbones only; with all for null.</summary>
    /// <exception cref="UserException">It has no LoRA there.</exception>
    internal LoraAdapter Only(string? backbone)
    {
        if (Parts.Count == 0)
        {
            throw new UserException($"{Folder} has no LoRA: its backbones were left as they are (frozen: true).");
        }

        LoraPart[] chosen = [.. Parts.Where(part => backbone is null || part.Name == backbone)];
        return chosen.Length > 0
            ? this with { Parts = chosen }
            : throw new UserException($"{Folder} has no LoRA in a backbone {backbone}; it has it in {string.Join(" and ", Parts.Select(part => part.Name))}.");
    }

    /// <summary>Weights that a recipe from elsewhere names: as they are, or by file name in the folder or in <c>models/</c>.</summary>
    private static string? Located(string weights, string? models, bool required)
    {
        if (PretrainedModels.IsName(weights))
        {
            return PretrainedModels.WeightsOf(weights);
        }

        var path = WeightsPath.Parse(weights);
        string name = Path.GetFileName(path.Place);
        string[] places = models is not null ? [Path.Combine(models, name)] : [path.Place, Path.Combine("models", name)];
        return places.FirstOrDefault(Path.Exists) is { } found
            ? path.At(found)
            : (required ? throw new UserException($"The adapter needs {name}, which is not at {string.Join(" nor at ", places)}; name its folder with --models.") : null);
    }
}

/// <summary>Where weights are; null where they are nowhere and not required.</summary>
internal delegate string? WeightsPlace(bool required);

/// <summary>A backbone that an adapter changes.</summary>
/// <param name="Name">In a recipe; null for one of PEFT's.</param>
/// <param name="Architecture">The backbone's.</param>
/// <param name="Fingerprint">Of the weights that the adapter was trained on; null where it does not say.</param>
/// <param name="Weights">Where these are.</param>
/// <param name="Attach">Puts the adapter's LoRA into them.</param>
internal sealed record LoraPart(string? Name, string Architecture, string? Fingerprint, WeightsPlace Weights, Func<Backbone, TunedBackbone> Attach)
{
    /// <summary>Checks that a file has the weights that the adapter was trained on.</summary>
    internal void RequireWeights(string file)
    {
        MergedWeights.RequireUnmerged(file);
        if (Fingerprint is not null && BackboneFingerprint.Of(file) is { } found && found != Fingerprint)
        {
            throw new UserException(
                $"The adapter was trained on other weights than {file}: it needs the fingerprint {FileHash.Shorten(Fingerprint)}…, the file has {FileHash.Shorten(found)}….");
        }
    }
}
