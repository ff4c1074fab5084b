using System.Text.Json;

namespace UniPT.Torch;

/// <summary>Parses and checks the JSON header of a safetensors file.</summary>
/// <remarks>Format: https://github.com/huggingface/safetensors (8-byte length, JSON, data).</remarks>
internal sealed class SafetensorsHeader
{
    internal const long MaxBytes = 100_000_000;
    private const int MaxDimensions = 16;
    private readonly string _file;
    private readonly long _dataStart;
    private readonly long _fileLength;

    private SafetensorsHeader(string file, long dataStart, long fileLength) =>
        (_file, _dataStart, _fileLength) = (file, dataStart, fileLength);

    internal Dictionary<string, TensorEntry> Entries { get; } = new(StringComparer.Ordinal);

    internal Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads a header; every offset, size and name in it is checked against the file.</summary>
    internal static SafetensorsHeader Parse(string file, ReadOnlySpan<byte> json, long fileLength)
    {
        var header = new SafetensorsHeader(file, 8 + json.Length, fileLength);
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 4 });
            reader.Read();
            header.ReadObject(ref reader);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw header.Broken("its header is not the JSON that the format asks for");
        }

        header.CheckLayout();
        return header;
    }

    private void ReadObject(ref Utf8JsonReader reader)
    {
        Expect(reader.TokenType == JsonTokenType.StartObject, "its header is not a JSON object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            if (name == "__metadata__")
            {
                ReadMetadata(ref reader);
            }
            else
            {
                Expect(Entries.TryAdd(name, ReadEntry(name, ref reader)), $"it names the tensor {name} twice");
            }
        }
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        Expect(reader.TokenType == JsonTokenType.StartObject, "its __metadata__ is not an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            Expect(reader.TokenType == JsonTokenType.String, $"its __metadata__ entry {key} is not a string");
            Expect(Metadata.TryAdd(key, reader.GetString()!), $"it has the __metadata__ entry {key} twice");
        }
    }

    private TensorEntry ReadEntry(string name, ref Utf8JsonReader reader)
    {
        Expect(reader.TokenType == JsonTokenType.StartObject, $"the entry of {name} is not an object");
        string? type = null;
        long[]? shape = null;
        long[]? offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            switch (key)
            {
                case "dtype" when type is null:
                    type = reader.GetString();
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(name, ref reader);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(name, ref reader);
                    break;
                default:
                    throw Broken($"the entry of {name} has the unknown or repeated key {key}");
            }
        }

        Expect(type is not null && shape is not null && offsets is { Length: 2 }, $"the entry of {name} lacks dtype, shape or data_offsets");
        int bits = SafetensorsTypes.Bits(type!) ?? throw Broken($"{name} has the type {type}, which the format does not know");
        long bytes = offsets![1] - offsets[0];
        Expect(offsets[0] >= 0 && bytes >= 0 && offsets[1] <= _fileLength - _dataStart, $"{name} lies outside the file");
        Expect(ByteCount(shape!, bits) == bytes, $"{name} has {bytes} bytes, its shape [{string.Join(", ", shape!)}] needs another number");
        return new TensorEntry(name, type!, SafetensorsTypes.Find(type!), shape!, _dataStart + offsets[0], bytes);
    }

    private long[] ReadNumbers(string name, ref Utf8JsonReader reader)
    {
        Expect(reader.TokenType == JsonTokenType.StartArray, $"the entry of {name} has no list where one is needed");
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType == JsonTokenType.Number)
        {
            Expect(reader.TryGetInt64(out long number) && number >= 0, $"the entry of {name} has a number that is no size");
            numbers.Add(number);
            Expect(numbers.Count <= MaxDimensions, $"{name} has more than {MaxDimensions} dimensions");
        }

        Expect(reader.TokenType == JsonTokenType.EndArray, $"the entry of {name} has a list of something other than numbers");
        return [.. numbers];
    }

    /// <summary>−1 where the product overflows, or ends within a byte.</summary>
    private static long ByteCount(long[] shape, int bits)
    {
        if (shape.Contains(0))
        {
            return 0;
        }

        Int128 total = bits;
        foreach (long size in shape)
        {
            total *= size;
            if (total > long.MaxValue)
            {
                return -1;
            }
        }

        return total % 8 == 0 ? (long)(total / 8) : -1;
    }

    private void CheckLayout()
    {
        long position = _dataStart;
        foreach (TensorEntry entry in Entries.Values.OrderBy(entry => entry.Offset).ThenBy(entry => entry.ByteCount))
        {
            Expect(entry.Offset == position, $"there is a gap or an overlap before {entry.Name}");
            position += entry.ByteCount;
        }

        Expect(position == _fileLength, $"its tensors end at byte {position}, the file at {_fileLength}");
    }

    private void Expect(bool holds, string problem)
    {
        if (!holds)
        {
            throw Broken(problem);
        }
    }

    private UserException Broken(string problem) => new($"{_file} is not a valid safetensors file: {problem}.");
}
