using UniPT.Backbones;
using UniPT.Backbones.Bert;
using UniPT.Backbones.T5;
using UniPT.Torch;

namespace UniPT.Tuning.Lora;

/// <summary>
/// Checkpoints with LoRA in their weights: under the same names, in the same types, with the same metadata and three entries more, which say what
/// they were made of. Nothing of LoRA has to be there to use one.
/// </summary>
public static class MergedWeights
{
    private const string AdapterKey = "unipt.merged_adapter";
    private const string OriginalKey = "unipt.merged_original";
    private const string BackbonesKey = "unipt.merged_backbones";
    private const string ConfigFile = "config.json";

    /// <summary>What a merged checkpoint was made of.</summary>
    /// <param name="Adapter">SHA-256 of the adapter's <c>adapter_model.safetensors</c>.</param>
    /// <param name="Original">The <see cref="BackboneFingerprint"/> of the checkpoint without LoRA.</param>
    /// <param name="Backbones">The architectures that LoRA was merged into: of a checkpoint of CLIP one tower or both.</param>
    public sealed record Origin(string Adapter, string Original, IReadOnlyList<string> Backbones);

    /// <summary>What a merged checkpoint was made of.</summary>
    /// <exception cref="UserException">The file is broken, or nothing is merged into it.</exception>
    public static Origin OriginOf(string merged)
    {
        using SafetensorsFile file = SafetensorsFile.Open(merged);
        IReadOnlyDictionary<string, string> metadata = file.Metadata;
        return metadata.TryGetValue(AdapterKey, out string? adapter) && metadata.TryGetValue(OriginalKey, out string? original) && metadata.TryGetValue(BackbonesKey, out string? backbones)
            ? new Origin(adapter, original, backbones.Split(','))
            : throw new UserException($"{merged} holds no LoRA that could be taken back: its metadata does not say of which adapter.");
    }

    /// <summary>Checks that nothing is merged into a checkpoint.</summary>
    /// <exception cref="UserException">Something is, or the file is broken.</exception>
    public static void RequireUnmerged(string weights)
    {
        using TensorFile file = TensorFile.Open(weights);
        if (file.Metadata.TryGetValue(AdapterKey, out string? before))
        {
            throw new UserException(
                $"{weights} holds LoRA already, that of an adapter with the SHA-256 {FileHash.Shorten(before)}…; give the weights that the adapter was trained on.");
        }
    }

    /// <summary>Writes a checkpoint with updates in its weights.</summary>
    /// <param name="weights">The checkpoint that the backbones were opened from.</param>
    /// <param name="output">The new file. A BERT's or T5's <c>config.json</c>, which says what its weights do not, is copied to its folder.</param>
    /// <param name="adapter">The adapter's <c>adapter_model.safetensors</c>, by which the merged file knows it again.</param>
    /// <param name="updates">Of one backbone, or of both towers in one checkpoint.</param>
    /// <exception cref="UserException">
    /// Something is merged into the checkpoint already, the output exists, a weight cannot hold its update, or the file cannot be written.
    /// </exception>
    public static void Write(string weights, string output, string adapter, params IReadOnlyList<LoraUpdates> updates)
    {
        RequireNew(output);
        RequireUnmerged(weights);
        string original = BackboneFingerprint.Of(weights);
        using TensorFile file = TensorFile.Open(weights);
        CopyConfig(weights, output, updates);
        Write(file, output, updates, 1, new Dictionary<string, string>(file.Metadata)
        {
            [AdapterKey] = FileHash.Sha256(adapter),
            [OriginalKey] = original,
            [BackbonesKey] = string.Join(',', Names(updates)),
        });
    }

    /// <summary>Writes the checkpoint that a merged one was made of, to the bit, from that checkpoint; what is not a safetensors file becomes one.</summary>
    /// <param name="merged">The merged file.</param>
    /// <param name="output">The new file.</param>
    /// <param name="adapter">The adapter's <c>adapter_model.safetensors</c>.</param>
    /// <param name="original">The checkpoint.</param>
    /// <exception cref="UserException">The merged file is of another adapter, or of another checkpoint, or the output exists.</exception>
    public static void Restore(string merged, string output, string adapter, string original)
    {
        RequireNew(output);
        (string expected, string found) = (RequireOf(merged, adapter).Original, BackboneFingerprint.Of(original));
        if (expected != found)
        {
            throw new UserException(
                $"{merged} was not made of {original}: it was made of weights with the fingerprint {FileHash.Shorten(expected)}…, these have {FileHash.Shorten(found)}….");
        }

        using TensorFile file = TensorFile.Open(original);
        if (file is SafetensorsFile)
        {
            AtomicFile.Write(output, stream =>
            {
                using FileStream source = File.OpenRead(file.Path);
                source.CopyTo(stream);
            });
        }
        else
        {
            using DisposeScope scope = torch.NewDisposeScope();
            SafetensorsWriter.Write(output, file.Entries.Keys.ToDictionary(name => name, file.Read, StringComparer.Ordinal));
        }
    }

    /// <summary>Takes the updates out of a merged checkpoint again; what is left differs from the original by rounding, in the checkpoint's type.</summary>
    /// <param name="merged">The merged file that the backbones were opened from.</param>
    /// <param name="output">The new file.</param>
    /// <param name="adapter">The adapter's <c>adapter_model.safetensors</c>.</param>
    /// <param name="updates">The same that were merged.</param>
    /// <returns>Whether the result has the original's fingerprint: then it is that, to the bit.</returns>
    /// <exception cref="UserException">
    /// The merged file is of another adapter, the adapter replaced weights, which only the original has, or the output exists.
    /// </exception>
    public static bool Undo(string merged, string output, string adapter, params IReadOnlyList<LoraUpdates> updates)
    {
        RequireNew(output);
        Origin origin = RequireOf(merged, adapter);
        if (!origin.Backbones.SequenceEqual(Names(updates)))
        {
            throw new UserException($"{merged} has LoRA in {string.Join(" and ", origin.Backbones)}, and not in {string.Join(" and ", Names(updates))}, from which it was to be taken.");
        }

        if (updates.SelectMany(update => update.Replaced.Keys).FirstOrDefault() is { } replaced)
        {
            throw new UserException($"{merged} has a {replaced} in the place of the original's, so it can only be taken back with the original weights at hand.");
        }

        using SafetensorsFile file = SafetensorsFile.Open(merged);
        CopyConfig(merged, output, updates);
        Write(file, output, updates, -1, file.Metadata.Where(pair => pair.Key is not (AdapterKey or OriginalKey or BackbonesKey)).ToDictionary());
        return BackboneFingerprint.Of(output) == origin.Original;
    }

    private static void Write(
        TensorFile file, string output, IReadOnlyList<LoraUpdates> updates, double times, IReadOnlyDictionary<string, string> metadata)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        Dictionary<string, Tensor> tensors = file.Entries.Keys.ToDictionary(name => name, file.Read, StringComparer.Ordinal);
        foreach (LoraUpdates of in updates)
        {
            WeightStore store = of.Backbone.Store;

            // The file's own pages are read-only.
            Dictionary<string, Tensor> changed = of.WeightNames.ToDictionary(name => name, name => tensors[store.StoredName(name)].to(ScalarType.Float32).clone());
            of.AddTo(changed, times);
            foreach ((string name, Tensor tensor) in changed.Concat(of.Replaced))
            {
                string stored = store.StoredName(name);
                tensors[stored] = Held(tensor, tensors[stored].dtype, stored, file.Path);
            }
        }

        SafetensorsWriter.Write(output, tensors, metadata);
    }

    /// <summary>A tensor in the checkpoint's type, which may be narrower than float.</summary>
    private static Tensor Held(Tensor tensor, ScalarType type, string name, string path)
    {
        Tensor held = tensor.cpu().to(type);
        return held.isfinite().all().Item() == 1
            ? held
            : throw new UserException($"{path} cannot hold the update of {name}: its type is {type}, and the sum is beyond that.");
    }

    /// <summary>Checks that nothing is written over.</summary>
    /// <exception cref="UserException">There is a file or a folder.</exception>
    public static void RequireNew(string output)
    {
        if (Path.Exists(output))
        {
            throw new UserException($"{output} exists already; it is not written over.");
        }
    }

    private static IEnumerable<string> Names(IReadOnlyList<LoraUpdates> updates) => updates.Select(of => of.Backbone.Name).Order(StringComparer.Ordinal);

    private static Origin RequireOf(string merged, string adapter)
    {
        Origin origin = OriginOf(merged);
        string hash = FileHash.Sha256(adapter);
        return origin.Adapter == hash
            ? origin
            : throw new UserException(
                $"{merged} holds another adapter's LoRA than {adapter}: that adapter's file has the SHA-256 {FileHash.Shorten(origin.Adapter)}…, this one {FileHash.Shorten(hash)}….");
    }

    private static void CopyConfig(string weights, string output, IReadOnlyList<LoraUpdates> updates)
    {
        (string from, string to) = (Path.Combine(WeightsPath.Parse(weights).Folder, ConfigFile), Path.Combine(WeightsPath.Parse(output).Folder, ConfigFile));
        if (from == to || !File.Exists(from) || !updates.Any(of => of.Backbone is BertEncoder or T5Model))
        {
            return;
        }

        string text = TextFile.Read(from, "a network's configuration");
        if (File.Exists(to) && TextFile.Read(to, "a network's configuration") != text)
        {
            throw new UserException($"{to} is another network's than {from}, which the merged weights need beside them; choose another folder.");
        }

        AtomicFile.WriteText(to, text);
    }
}
