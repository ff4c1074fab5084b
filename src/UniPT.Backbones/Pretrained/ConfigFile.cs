using System.Text.Json;
using UniPT.Torch;

namespace UniPT.Backbones.Pretrained;

/// <summary>
/// Hugging Face's <c>config.json</c> beside weights, read into a record with its keys. Sizes come from the weights' shapes, and what the file says of them
/// must be the same; what shapes do not tell comes from the file.
/// </summary>
/// <typeparam name="T">The record.</typeparam>
/// <param name="Path">The file.</param>
/// <param name="Values">What it says.</param>
internal sealed record ConfigFile<T>(string Path, T Values) where T : class
{
    private static readonly JsonSerializerOptions Keys = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The file in the checkpoint's folder; null without one.</summary>
    /// <param name="checkpoint">As <see cref="WeightStore.Path"/> gives it.</param>
    /// <param name="network">Whose configuration it should be, for messages.</param>
    /// <exception cref="UserException">It cannot be read, or lacks what the record requires.</exception>
    internal static ConfigFile<T>? Beside(string? checkpoint, string network)
    {
        if (checkpoint is null)
        {
            return null;
        }

        string path = System.IO.Path.Combine(WeightsPath.Parse(checkpoint).Folder, "config.json");
        if (!File.Exists(path))
        {
            return null;
        }

        HubCache.RequireInside(path);
        try
        {
            string text = TextFile.Read(path, "a network's configuration");
            return new(path, JsonSerializer.Deserialize<T>(text, Keys) ?? throw new JsonException("it is null"));
        }
        catch (JsonException error)
        {
            throw new UserException($"{path} is no configuration of a {network}: {error.Message}", error);
        }
    }

    /// <summary>Checks a value.</summary>
    /// <exception cref="UserException">It is none that the network can have.</exception>
    internal void Require(string key, object found, bool holds, string expected)
    {
        if (!holds)
        {
            throw new UserException(FormattableString.Invariant($"{Path}: {key} is {found}; expected {expected}."));
        }
    }

    /// <summary>Checks a size, where the file gives it, against the weights' shapes.</summary>
    /// <exception cref="UserException">It is another one.</exception>
    internal void RequireSize(string key, long? found, long ofShapes) =>
        Require(key, found ?? ofShapes, found is null || found == ofShapes, $"{ofShapes}, as the weights' shapes have it");
}
