using System.Text.Json.Nodes;

namespace UniPT.Training.Adapters;

/// <summary>
/// Adapters of earlier versions, of which there was one task, image–text retrieval: their configuration becomes today's where it is read.
/// </summary>
internal static class FormerAdapters
{
    /// <summary>The format that they name.</summary>
    internal const string Format = "unipt-adapter-1";

    /// <summary>Puts today's keys in the place of former ones.</summary>
    internal static void Translate(JsonNode root)
    {
        if (root is not JsonObject config || config["format"]?.GetValue<string>() != Format)
        {
            return;
        }

        var backbones = new JsonObject();
        foreach (string name in (string[])["image", "text"])
        {
            string key = $"{name}_backbone_fingerprint";
            if (config[key] is { } fingerprint)
            {
                config.Remove(key);
                backbones[name] = fingerprint;
            }
        }

        if (backbones.Count > 0)
        {
            config["backbones"] = backbones;
        }

        if (config["preprocessing"] is JsonObject preprocessing && preprocessing["image_size"] is JsonValue size)
        {
            preprocessing["image_size"] = size.ToString();
        }
    }

    /// <summary>The preprocessing as the model files of earlier versions repeat it; null for others.</summary>
    internal static string? PreprocessingText(AdapterConfig config) => config.Format != Format
        ? null
        : $"PreprocessingConfig {{ ImageSize = {config.Preprocessing["image_size"]}, Resize = {config.Preprocessing["resize"]}, Range = {config.Preprocessing["range"]} }}";
}
