using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using UniPT.Torch;

namespace UniPT.Backbones.Tokenizers;

/// <summary>Finds and reads the files of a vocabulary, gzipped or not.</summary>
internal static class VocabularyFile
{
    /// <summary>The most ids of a vocabulary; the largest published ones have a quarter of it.</summary>
    internal const int MaxSize = 1_000_000;

    /// <summary>A line a piece.</summary>
    internal const string Pieces = "vocab.txt";

    /// <summary>From piece to id.</summary>
    internal const string PieceIds = "vocab.json";

    /// <summary>The merges of byte-pair encoding, beside <see cref="PieceIds"/>.</summary>
    internal const string Merges = "merges.txt";

    /// <summary>All of a tokenizer of Hugging Face's.</summary>
    internal const string TokenizerJson = "tokenizer.json";

    /// <summary>A SentencePiece model.</summary>
    internal const string SentencePieces = "spiece.model";

    /// <summary>The merges of OpenAI's CLIP.</summary>
    internal const string ClipMerges = "bpe_simple_vocab_16e6.txt";

    /// <summary><see cref="ClipMerges"/> as it is published.</summary>
    internal const string PackedClipMerges = $"{ClipMerges}.gz";

    private const int MaxBytes = 64 << 20;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A file as it is; of a folder the first of <paramref name="names"/> that it has.</summary>
    /// <exception cref="UserException">The folder has none of them.</exception>
    internal static string Find(string path, string backbone, params string[] names)
    {
        if (!Directory.Exists(path))
        {
            return path;
        }

        string? name = names.FirstOrDefault(name => File.Exists(Path.Combine(path, name)));
        return name is not null
            ? Path.Combine(path, name)
            : throw new UserException($"The folder {path} has no vocabulary for {backbone}; expected {string.Join(" or ", names)} in it.");
    }

    /// <summary>The whole text.</summary>
    /// <exception cref="UserException">It is missing, unreadable, no text or too long.</exception>
    internal static string Read(string path)
    {
        byte[] bytes = ReadBytes(path);
        try
        {
            return Strict.GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException error)
        {
            throw new UserException($"The vocabulary {path} is not UTF-8 text.", error);
        }
    }

    /// <summary>All bytes, unpacked.</summary>
    /// <exception cref="UserException">It is missing, unreadable or too long.</exception>
    internal static byte[] ReadBytes(string path)
    {
        HubCache.RequireInside(path);
        try
        {
            using FileStream file = File.OpenRead(path);
            byte[] bytes = ReadAll(file, path);
            return bytes is [0x1F, 0x8B, ..] ? Unpack(bytes, path) : bytes;
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserException($"Cannot read the vocabulary {path}: {error.Message}", error);
        }
    }

    /// <summary>Its lines, without the line ends.</summary>
    /// <exception cref="UserException">It is missing, unreadable, no text or too long.</exception>
    internal static string[] ReadLines(string path) => Read(path).TrimEnd('\r', '\n').Split('\n').Select(line => line.TrimEnd('\r')).ToArray();

    /// <summary>A JSON object.</summary>
    /// <exception cref="UserException">It is missing, unreadable, or not JSON, or not an object.</exception>
    internal static JsonDocument ReadObject(string path)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(Read(path));
        }
        catch (JsonException error)
        {
            throw new UserException($"The vocabulary {path} is not a JSON file, or not a whole one: {error.Message}", error);
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            return document;
        }

        using (document)
        {
            throw new UserException($"The vocabulary {path} must be a JSON object, found {document.RootElement.ValueKind}.");
        }
    }

    /// <summary>The pieces of a JSON object from piece to id.</summary>
    /// <exception cref="UserException">The ids are not 0, 1, 2, … in some order.</exception>
    internal static Dictionary<string, int> Ids(JsonElement vocabulary, string path)
    {
        if (vocabulary.ValueKind != JsonValueKind.Object)
        {
            throw new UserException($"{path} must hold its vocabulary as an object from piece to id, found {vocabulary.ValueKind}.");
        }

        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (JsonProperty entry in vocabulary.EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.Number || !entry.Value.TryGetInt32(out int id) || TextOf(entry) is not { } piece || !ids.TryAdd(piece, id))
            {
                string found = entry.ToString();
                throw new UserException($"In the vocabulary {path} every piece must have one whole number as its id, found {(found.Length <= 60 ? found : $"{found[..60]}…")}.");
            }
        }

        RequireIds(ids, path);
        return ids;
    }

    /// <summary>Lines of pieces, whose numbers from 0 are the ids.</summary>
    /// <exception cref="UserException">A line is empty, or there twice.</exception>
    internal static Dictionary<string, int> IdsOfLines(string path)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string piece in ReadLines(path))
        {
            if (piece.Length == 0 || !ids.TryAdd(piece, ids.Count))
            {
                throw new UserException(
                    $"Line {ids.Count + 1} of the vocabulary {path} must be a piece that no line before it has, found {(piece.Length == 0 ? "nothing" : piece)}.");
            }
        }

        RequireIds(ids, path);
        return ids;
    }

    /// <summary>The ids of special tokens.</summary>
    /// <exception cref="UserException">The vocabulary has no such piece.</exception>
    internal static int Special(IReadOnlyDictionary<string, int> ids, string piece, string path, string backbone) => ids.TryGetValue(piece, out int id)
        ? id
        : throw new UserException($"The vocabulary {path} has {ids.Count} pieces and no {piece}, which {backbone} needs; it is cut off or another network's.");

    private static byte[] Unpack(byte[] packed, string path)
    {
        using var unpacked = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        byte[] bytes = ReadAll(unpacked, path);

        // A file that is cut off unpacks without an error; it ends in the length of what was packed.
        return BinaryPrimitives.ReadUInt32LittleEndian(packed.AsSpan(Math.Max(0, packed.Length - sizeof(uint)))) == bytes.Length
            ? bytes
            : throw new InvalidDataException("it is cut off.");
    }

    // Not by the file's length, which pipes and devices do not tell.
    private static byte[] ReadAll(Stream stream, string path)
    {
        using var all = new MemoryStream();
        var block = new byte[1 << 16];
        for (int read = stream.Read(block); read > 0; read = stream.Read(block))
        {
            all.Write(block, 0, read);
            if (all.Length > MaxBytes)
            {
                throw new UserException($"The vocabulary {path} is too long; at most {MaxBytes} bytes are read.");
            }
        }

        return all.ToArray();
    }

    private static void RequireIds(Dictionary<string, int> ids, string path)
    {
        bool complete = ids.Count is > 0 and <= MaxSize && ids.Values.ToHashSet().Count == ids.Count && ids.Values.Min() == 0 && ids.Values.Max() == ids.Count - 1;
        if (!complete)
        {
            throw new UserException($"The ids of the vocabulary {path} must be 0, 1, 2, … up to at most {MaxSize - 1}, each once; it has {ids.Count} pieces with others.");
        }
    }

    private static string? TextOf(JsonProperty entry)
    {
        try
        {
            return entry.Name;
        }
        catch (InvalidOperationException)
        {
            return null; // half a surrogate pair
        }
    }
}
