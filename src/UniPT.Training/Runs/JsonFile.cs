using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace UniPT.Training.Runs;

/// <summary>Records as JSON files in a run's folder.</summary>
internal static class JsonFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectNullableAnnotations = true,
    };

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What it should hold, for the message.</param>
    /// <param name="translate">Brings what an earlier version wrote into today's form; null where there is no other form.</param>
    /// <exception cref="UserException">It cannot be read or does not hold such a record.</exception>
    internal static T Read<T>(string path, string what, Action<JsonNode?>? translate = null)
    {
        try
        {
            var root = JsonNode.Parse(TextFile.Read(path, what), documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
            translate?.Invoke(root);
            return root.Deserialize<T>(Options) ?? throw new JsonException("it is null.");
        }
        catch (JsonException error)
        {
            throw new UserException($"{path} is damaged ({what}): {error.Message}", error);
        }
    }

    /// <summary>Writes a file beside its place and renames it into it.</summary>
    internal static void Write<T>(string path, T value) =>
        AtomicFile.WriteText(path, JsonSerializer.Serialize(value, Options) + "\n");
}
