using System.Text.Json;

namespace UniPT.Tasks.Shared.Tables;

/// <summary>Entries of JSON: an object a line, or one list of objects.</summary>
internal static class JsonRows
{
    /// <summary>Reads what it can.</summary>
    /// <returns>What the file is instead, or null.</returns>
    public static string? Read(string path, byte[] bytes, List<TableRow> rows, List<(string Place, string Problem)> errors)
    {
        (int Number, string? Text)[] lines = [.. TextLines.Of(bytes)];
        bool isList = lines.FirstOrDefault(line => line.Text is not "").Text?.StartsWith('[') == true;
        if (isList || path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            if (TextLines.Whole(bytes) is not { } whole)
            {
                errors.Add((path, TextLines.NoText));
                return null;
            }

            try
            {
                using JsonDocument document = JsonDocument.Parse(whole);
                return ReadDocument(path, document.RootElement, rows, errors);
            }
            catch (JsonException error) when (isList || lines.Length < 2)
            {
                errors.Add((path, $"is not valid JSON (line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1})"));
                return null;
            }
            catch (JsonException)
            {
                // An object a line, by the other name.
            }
        }

        foreach ((int number, string? text) in lines)
        {
            if (text is null)
            {
                errors.Add(($"{path}:{number}", TextLines.NoText));
            }
            else if (text.Length > 0)
            {
                ReadLine($"{path}:{number}", text, rows, errors);
            }
        }

        return null;
    }

    private static string? ReadDocument(string path, JsonElement root, List<TableRow> rows, List<(string Place, string Problem)> errors)
    {
        if (root.ValueKind == JsonValueKind.Object && !root.EnumerateObject().Any(part => part.Value.ValueKind is JsonValueKind.Array or JsonValueKind.Object))
        {
            Add(path, root, rows, errors);
            return null;
        }

        if (root.ValueKind != JsonValueKind.Array)
        {
            return root.ValueKind == JsonValueKind.Object
                ? $"is one JSON object with the keys {string.Join(", ", root.EnumerateObject().Take(12).Select(part => part.Name))}, a layout that is not read"
                : $"is not a list of JSON objects but {root.ValueKind}";
        }

        int index = 0;
        foreach (JsonElement entry in root.EnumerateArray())
        {
            Add($"{path}[{index++}]", entry, rows, errors);
        }

        return null;
    }

    private static void ReadLine(string place, string text, List<TableRow> rows, List<(string Place, string Problem)> errors)
    {
        try
        {
            using JsonDocument line = JsonDocument.Parse(text);
            Add(place, line.RootElement, rows, errors);
        }
        catch (JsonException error)
        {
            errors.Add((place, $"is not valid JSON (byte {error.BytePositionInLine + 1})"));
        }
    }

    private static void Add(string place, JsonElement entry, List<TableRow> rows, List<(string Place, string Problem)> errors)
    {
        if (entry.ValueKind != JsonValueKind.Object)
        {
            errors.Add((place, $"is not a JSON object but {entry.ValueKind}"));
            return;
        }

        try
        {
            rows.Add(TableRow.Of(place, [.. entry.EnumerateObject().Select(part => KeyValuePair.Create(part.Name, Value(part.Value)))]));
        }
        catch (InvalidOperationException)
        {
            errors.Add((place, "has a string that is not valid Unicode"));
        }
    }

    private static object? Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True or JsonValueKind.False => value.GetBoolean(),
        JsonValueKind.Number => value.TryGetInt64(out long whole) ? (object)whole : value.GetDouble(),
        JsonValueKind.Array when value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) =>
            value.EnumerateArray().Select(item => item.GetString()!).ToArray(),
        JsonValueKind.Object => value.EnumerateObject().Select(part =>
            KeyValuePair.Create(part.Name, part.Value.ValueKind == JsonValueKind.String ? (object?)part.Value.GetString() : null)).ToArray(),
        _ => null,
    };
}
