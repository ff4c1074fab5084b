using System.Text.Json;
using UniPT.Tasks.Shared.DataSets;

namespace UniPT.Tasks.Shared.Tables;

/// <summary>
/// The lists that a JSON object has at its top, as COCO's annotation files are: their entries one after the other, so that beside the file's bytes one entry at a time is in memory and
/// never all of them as a tree.
/// </summary>
internal static class JsonLists
{
    /// <summary>Hands on the entries of some lists, in the order of the file, and says which of the lists there were.</summary>
    /// <param name="path">What messages call the file.</param>
    /// <param name="bytes">The file, UTF-8.</param>
    /// <param name="problems">Gets what is wrong with the file.</param>
    /// <param name="lists">What takes an entry, by the list's name. Names that are not here are passed over.</param>
    public static IReadOnlySet<string> Read(string path, ReadOnlySpan<byte> bytes, DataSetProblems problems, IReadOnlyDictionary<string, Action<JsonEntry>> lists)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        ReadOnlySpan<byte> text = bytes.StartsWith<byte>([0xEF, 0xBB, 0xBF]) ? bytes[3..] : bytes;
        var reader = new Utf8JsonReader(text);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                problems.Add(path, $"is no JSON object with the lists {string.Join(" and ", lists.Keys)}");
                return found;
            }

            var lines = new LineCounter();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string? name = null;
                foreach (string known in lists.Keys)
                {
                    name = reader.ValueTextEquals(known) ? known : name;
                }

                reader.Read();
                if (name is null)
                {
                    reader.Skip();
                    continue;
                }

                if (reader.TokenType != JsonTokenType.StartArray)
                {
                    problems.Add($"{path}:{lines.At(text, reader.TokenStartIndex)}", $"{name} is no list");
                    reader.Skip();
                    continue;
                }

                found.Add(name);
                for (int index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
                {
                    long line = lines.At(text, reader.TokenStartIndex);
                    using JsonDocument entry = JsonDocument.ParseValue(ref reader);
                    lists[name](new JsonEntry($"{path}:{line} {name}[{index}]", entry.RootElement));
                }
            }

            // What stands behind the object.
            while (reader.Read())
            {
            }
        }
        catch (JsonException error)
        {
            problems.Add($"{path}:{error.LineNumber + 1}", $"is not valid JSON, or not all of it is there (byte {error.BytePositionInLine + 1})");
        }

        return found;
    }

    /// <summary>Lines up to a place, which only moves on.</summary>
    private struct LineCounter
    {
        private long _line;
        private int _seen;

        public long At(ReadOnlySpan<byte> text, long place)
        {
            _line += text[_seen..(int)place].Count((byte)'\n');
            _seen = (int)place;
            return _line + 1;
        }
    }
}

/// <summary>An entry of a list in a JSON file.</summary>
/// <param name="Place">File, line and place in the list: <c>a.json:12 images[3]</c>.</param>
/// <param name="Value">The entry, which is read before the next one comes.</param>
internal readonly record struct JsonEntry(string Place, JsonElement Value)
{
    /// <summary>A text of an object; null where there is none, or something else.</summary>
    public string? Text(string name)
    {
        try
        {
            return Part(name) is { ValueKind: JsonValueKind.String } part ? part.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null; // half a surrogate pair
        }
    }

    /// <summary>A whole number of an object; null where there is none, or something else.</summary>
    public long? Whole(string name) => Part(name) is { ValueKind: JsonValueKind.Number } part && part.TryGetInt64(out long number) ? number : null;

    /// <summary>A list of numbers of an object; null where there is none, or something else.</summary>
    public double[]? Numbers(string name) => Part(name) is { } part ? Numbers(part) : null;

    /// <summary>A list of lists of numbers of an object; null where there is none, or something else.</summary>
    public double[][]? Rows(string name)
    {
        if (Part(name) is not { ValueKind: JsonValueKind.Array } part)
        {
            return null;
        }

        double[][] rows = [.. part.EnumerateArray().Select(Numbers).OfType<double[]>()];
        return rows.Length == part.GetArrayLength() ? rows : null;
    }

    private JsonElement? Part(string name) => Value.ValueKind == JsonValueKind.Object && Value.TryGetProperty(name, out JsonElement part) ? part : null;

    private static double[]? Numbers(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(number => number.ValueKind == JsonValueKind.Number)
            ? [.. list.EnumerateArray().Select(number => number.GetDouble())]
            : null;
}
