using System.Text.Json;
using System.Text.RegularExpressions;

namespace UniPT.Parity.Tests;

/// <summary>Reads a recording's config.</summary>
internal static class Config
{
    public static int Number(this JsonElement config, string name) => config.GetProperty(name).GetInt32();

    public static int Number(this JsonElement config, string name, int otherwise) =>
        config.TryGetProperty(name, out JsonElement value) ? value.GetInt32() : otherwise;

    public static double Real(this JsonElement config, string name) => config.GetProperty(name).GetDouble();

    public static double Real(this JsonElement config, string name, double otherwise) =>
        config.TryGetProperty(name, out JsonElement value) ? value.GetDouble() : otherwise;

    public static bool Flag(this JsonElement config, string name, bool otherwise) =>
        config.TryGetProperty(name, out JsonElement value) ? value.GetBoolean() : otherwise;

    public static string Text(this JsonElement config, string name, string otherwise) =>
        config.TryGetProperty(name, out JsonElement value) ? value.GetString()! : otherwise;

    /// <summary>Whole numbers, as a list or as the text of one, as command lines have it; null for null, None or nothing.</summary>
    public static int[]? Numbers(this JsonElement config, string name)
    {
        if (!config.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        string text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        return text is "" or "None" or "null" ? null : [.. Regex.Matches(text, @"\d+").Select(number => int.Parse(number.Value))];
    }
}
