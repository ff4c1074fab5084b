using System.Text.Json;

namespace UniPT.Tasks.Shared.Tables;

/// <summary>Members of JSON objects that may be missing, or of another kind than is expected: null then.</summary>
internal static class JsonMembers
{
    /// <summary>A member's text; of a number its digits.</summary>
    internal static string? Text(this JsonElement value, string name) => Find(value, name) is { } member ? TextOf(member) : null;

    /// <summary>A text; of a number its digits.</summary>
    internal static string? TextOf(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number => value.GetRawText(),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            return null; // half of a surrogate pair
        }
    }

    /// <summary>The texts of a member that is a list; others in it are left out.</summary>
    internal static IReadOnlyList<string>? Texts(this JsonElement value, string name) =>
        Find(value, name) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray().Select(TextOf).OfType<string>()] : null;

    /// <summary>A member.</summary>
    internal static JsonElement? Find(this JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out JsonElement member) ? member : null;
}
