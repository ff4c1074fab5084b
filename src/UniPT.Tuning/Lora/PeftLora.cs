using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.Head;

namespace UniPT.Tuning.Lora;

/// <summary>
/// A backbone with the LoRA of an adapter that Hugging Face's PEFT wrote: it runs, trains on and merges. Its features are the last hidden state, of T5
/// that of the decoder; its parameters are those of the adapter's file under their names there.
/// </summary>
public sealed class PeftLora : ProjectedBackbone
{
    private const string ModelFile = "adapter_model.safetensors";

    private PeftLora(Backbone backbone, Weights weights, PeftConfig config, PeftTensors tensors, LoraUpdates updates, IReadOnlyDictionary<string, Tensor> heads)
        : base(backbone.Streams[^1], weights, output: null, [], changesHiddenStates: true) => (Config, Elsewhere, Updates, Heads) = (config, tensors.Elsewhere, updates, heads);

    /// <summary>What the adapter says of itself.</summary>
    public PeftConfig Config { get; }

    /// <summary>The updates, which can be merged into the weights.</summary>
    public LoraUpdates Updates { get; }

    /// <summary>
    /// Tensors of <c>modules_to_save</c> that the backbone has no place for, such as <c>classifier.weight</c>, by their names in the model that was
    /// trained; they go with this object. Those that it has a place for are there.
    /// </summary>
    public IReadOnlyDictionary<string, Tensor> Heads { get; }

    /// <summary>Modules of CLIP's other tower that the adapter changes too, by their names in the model that was trained.</summary>
    public IReadOnlyList<string> Elsewhere { get; }

    /// <summary>The file of an adapter's weights.</summary>
    /// <exception cref="UserException">It is there as a pickle only.</exception>
    public static string FileIn(string folder)
    {
        string file = Path.Combine(folder, ModelFile);
        string pickle = Path.Combine(folder, "adapter_model.bin");
        return File.Exists(file) || !File.Exists(pickle)
            ? file
            : throw new UserException($"{pickle} is a pickle, a program that is not run here; expected {ModelFile}, which PEFT's save_pretrained writes unless told otherwise.");
    }

    /// <summary>Puts an adapter of PEFT into a backbone of BERT, RoBERTa, T5 or CLIP.</summary>
    /// <param name="folder">With <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>.</param>
    /// <param name="backbone">The frozen model that it was trained on.</param>
    /// <returns>To dispose of it frees the adapter's tensors and leaves the backbone, which keeps the updates as its extension.</returns>
    /// <exception cref="UserException">
    /// A file is missing or broken, or the adapter has something that cannot be taken: the message names all of it, then the backbone is as it was.
    /// </exception>
    public static PeftLora Load(string folder, Backbone backbone)
    {
        PeftConfig config = PeftConfig.Read(folder);
        BackboneAccess.Blocks(backbone.Streams[^1], "lora");
        string path = FileIn(folder);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        var tensors = new PeftTensors(config, file, backbone);
        Require(tensors, folder, backbone);
        Weights weights = Weights.Open(path, trainable: true, backbone.Store.Device);
        try
        {
            Tensor Whole(string name) => weights.Buffer(name, Initializers.Zeros, file.Entries[name].Shape);
            LoraUpdate[] updates =
            [
                .. tensors.Updates.SelectMany(update => LoraUpdate.Create(update.Maps, weights / update.Place, update.Rank, update.Scale, config.LoraDropout)),
            ];
            Dictionary<string, Tensor> heads = tensors.Heads.ToDictionary(pair => pair.Key, pair => Whole(pair.Value), StringComparer.Ordinal);
            Dictionary<string, Tensor> replaced = tensors.Replaced.ToDictionary(pair => pair.Key, pair => Whole(pair.Value), StringComparer.Ordinal);
            Replace(backbone.Store, replaced);
            return new PeftLora(backbone, weights, config, tensors, new LoraUpdates(backbone, updates, replaced), heads);
        }
        catch
        {
            weights.Store.Dispose();
            throw;
        }
    }

    private static void Replace(WeightStore store, Dictionary<string, Tensor> replaced)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        foreach ((string name, Tensor tensor) in replaced)
        {
            store.Root.Change(name);
            store.Parameters[name].copy_(tensor);
        }
    }

    private static void Require(PeftTensors tensors, string folder, Backbone backbone)
    {
        string[] problems = [.. tensors.Problems];
        if (problems.Length > 0)
        {
            throw new UserException(
                $"{folder} cannot be put into {backbone.Name}, which takes {tensors.Updates.Count} of its {tensors.Total} updates: {string.Join("; ", problems)}.");
        }

        if (tensors.Updates.Count + tensors.Replaced.Count == 0)
        {
            throw new UserException($"{folder} changes nothing in {backbone.Name}: {(tensors.Elsewhere is [{ } first, ..] ? $"it is of the other tower of CLIP, the first of it is {first}" : "it has no updates")}.");
        }
    }
}
