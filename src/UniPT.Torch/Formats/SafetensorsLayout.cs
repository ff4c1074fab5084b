using System.Buffers.Binary;
using System.Text.Json;

namespace UniPT.Torch;

/// <summary>Lays tensors out in a new safetensors file.</summary>
internal static class SafetensorsLayout
{
    /// <summary>The length field and the header, with every tensor's place after them.</summary>
    internal static byte[] Write(
        IReadOnlyList<(string Name, ScalarType Type, long[] Shape)> tensors,
        IReadOnlyDictionary<string, string>? metadata,
        out IReadOnlyList<TensorEntry> entries)
    {
        // Wide types first keeps every tensor aligned to its element.
        var ordered = tensors.OrderByDescending(tensor => SafetensorsTypes.Size(tensor.Type)).ThenBy(tensor => tensor.Name, StringComparer.Ordinal);
        var relative = new List<TensorEntry>();
        long offset = 0;
        foreach ((string name, ScalarType type, long[] shape) in ordered)
        {
            long bytes = shape.Aggregate((long)SafetensorsTypes.Size(type), (product, size) => checked(product * size));
            relative.Add(new TensorEntry(name, SafetensorsTypes.NameOf(type), type, shape, offset, bytes));
            offset += bytes;
        }

        using var buffer = new MemoryStream();
        buffer.Write(new byte[8]);
        WriteJson(buffer, relative, metadata);
        while (buffer.Length % 8 != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        byte[] header = buffer.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - 8);
        entries = [.. relative.Select(entry => entry with { Offset = entry.Offset + header.Length })];
        return header;
    }

    private static void WriteJson(Stream target, List<TensorEntry> entries, IReadOnlyDictionary<string, string>? metadata)
    {
        using var json = new Utf8JsonWriter(target);
        json.WriteStartObject();
        if (metadata is { Count: > 0 })
        {
            json.WriteStartObject("__metadata__");
            foreach ((string key, string value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
        }

        foreach (TensorEntry entry in entries)
        {
            json.WriteStartObject(entry.Name);
            json.WriteString("dtype", entry.TypeName);
            WriteNumbers(json, "shape", entry.Shape);
            WriteNumbers(json, "data_offsets", [entry.Offset, entry.Offset + entry.ByteCount]);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, long[] numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }
}
