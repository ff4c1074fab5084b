using System.Text.Encodings.Web;
using System.Text.Json;

namespace UniPT.Training.Reports;

/// <summary>
/// Figures as JSON: names in snake_case, bytes and seconds as plain numbers, pictures in base64, null where a number
/// is not finite.
/// </summary>
public static class ReportJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        // The result is a file of its own, never a part of a page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new FiniteNumberConverter() },
    };

    /// <summary>Writes figures beside the file and renames them into place.</summary>
    /// <exception cref="UserException">The file cannot be written.</exception>
    public static void Write<T>(string path, T figures) => AtomicFile.WriteText(path, Serialize(figures) + "\n");

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="UserException">The file cannot be read or holds something else.</exception>
    public static T Read<T>(string path)
    {
        string text = TextFile.Read(path, "figures of a report", int.MaxValue);
        try
        {
            return JsonSerializer.Deserialize<T>(text, Options) ?? throw new JsonException("it holds null");
        }
        catch (JsonException error)
        {
            throw new UserException($"{path} does not hold the figures of a report: {error.Message}", error);
        }
    }

    internal static string Serialize<T>(T figures) => JsonSerializer.Serialize(figures, Options);
}
