using System.Text.Json.Nodes;
using UniPT.Backbones;
using UniPT.Backbones.T5;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Tuning.Tests.Lora;

/// <summary>The small checkpoints and adapters of tests/fixtures/peft, which make.py there wrote.</summary>
internal static class PeftFixture
{
    public static string Adapter(string name) => Path.Combine(Folder(name), "adapter");

    public static string Model(string name) => Path.Combine(Adapter(name), "adapter_model.safetensors");

    /// <summary>What an adapter was made for; the two of CLIP share a checkpoint.</summary>
    public static string Weights(string name) => Path.Combine(Folder(name.Split('-')[0]), "base", "model.safetensors");

    public static string Expected(string name) => Path.Combine(Folder(name), "expected.safetensors");

    public static Backbone Open(string architecture) => BackboneRegistry.Open(architecture, Weights(architecture.Split('_')[0]));

    /// <summary>A small input of an architecture.</summary>
    public static BackboneInput Input(string architecture)
    {
        Tensor ids = TensorData.From([5L, 9, 7, 2, 3, 11], 2, 3);
        return architecture switch
        {
            "clip_vit" => new(torch.linspace(-1.0, 1.0, 2 * 3 * 8 * 8).view(2, 3, 8, 8)),
            "t5" => new((BackboneInput.TokensPart, ids), (BackboneInput.MaskPart, TokenMask.From([3, 2], 3)), (T5Model.DecoderTokensPart, TensorData.From([0L, 4, 0, 8], 2, 2))),
            _ => new(ids, [3, 2]),
        };
    }

    /// <summary>A copy of an adapter with some of its configuration and its tensors changed.</summary>
    public static string Changed(TemporaryFolder folder, string name, Action<JsonObject>? config = null, Action<Dictionary<string, Tensor>>? tensors = null)
    {
        string copy = folder.File("adapter");
        Directory.CreateDirectory(copy);
        JsonObject json = JsonNode.Parse(File.ReadAllText(Path.Combine(Adapter(name), "adapter_config.json")))!.AsObject();
        config?.Invoke(json);
        File.WriteAllText(Path.Combine(copy, "adapter_config.json"), json.ToJsonString());
        using DisposeScope scope = torch.NewDisposeScope();
        using SafetensorsFile file = SafetensorsFile.Open(Model(name));
        Dictionary<string, Tensor> changed = file.Entries.Keys.ToDictionary(key => key, file.Read);
        tensors?.Invoke(changed);
        SafetensorsWriter.Write(Path.Combine(copy, "adapter_model.safetensors"), changed);
        return copy;
    }

    private static string Folder(string name) => Path.Combine(RepositoryPaths.Root, "tests", "fixtures", "peft", name);
}
