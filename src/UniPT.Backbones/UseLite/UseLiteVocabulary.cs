using System.Text.Json;
using UniPT.Backbones.Unicode;

namespace UniPT.Backbones.UseLite;

/// <summary>Pieces with their scores, in a prefix tree over code points.</summary>
internal sealed class UseLiteVocabulary
{
    public const int Root = 0;

    /// <summary>The first ids stand for unknown and control symbols and are never matched.</summary>
    private const int ReservedCount = 6;
    private const int MaxPieces = 1_000_000;
    private const int MaxPieceLength = 1_000;
    private const long MaxBytes = 64 << 20;

    private readonly double[] _scores;
    private readonly int[] _lengths;
    private readonly List<int?> _pieces = [null];
    private readonly Dictionary<(int Node, int Code), int> _children = [];

    private UseLiteVocabulary(IReadOnlyList<(string Piece, double Score)> entries)
    {
        _scores = [.. entries.Select(entry => entry.Score)];
        _lengths = new int[entries.Count];
        for (int id = ReservedCount; id < entries.Count; id++)
        {
            int[] codes = CodePoints.Of(entries[id].Piece);
            _lengths[id] = codes.Length;
            _pieces[Insert(codes)] = id; // of equal pieces the last one counts
        }
    }

    public int Size => _scores.Length;

    public static UseLiteVocabulary Open(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            if (file.Length > MaxBytes)
            {
                throw new UserException($"Vocabulary {path} has {file.Length} bytes; at most {MaxBytes} are allowed.");
            }

            using JsonDocument document = JsonDocument.Parse(file);
            return new UseLiteVocabulary(Read(document.RootElement, path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"Cannot read the vocabulary {path}: {error.Message}", error);
        }
        catch (JsonException error)
        {
            throw new UserException($"Vocabulary {path} is not a JSON file: {error.Message}", error);
        }
    }

    /// <summary>Moves to the child by which a piece continues with <paramref name="code"/>.</summary>
    public bool TryStep(ref int node, int code)
    {
        bool found = _children.TryGetValue((node, code), out int child);
        node = child;
        return found;
    }

    /// <summary>The id of the piece that ends at a node, if one does.</summary>
    public int? PieceAt(int node) => _pieces[node];

    public double Score(int id) => _scores[id];

    /// <summary>Length of a piece in code points.</summary>
    public int Length(int id) => _lengths[id];

    private int Insert(int[] codes)
    {
        int node = Root;
        foreach (int code in codes)
        {
            if (!_children.TryGetValue((node, code), out int child))
            {
                child = _pieces.Count;
                _pieces.Add(null);
                _children.Add((node, code), child);
            }

            node = child;
        }

        return node;
    }

    private static List<(string Piece, double Score)> Read(JsonElement root, string path)
    {
        if (root.ValueKind != JsonValueKind.Array)
        {
            throw new UserException($"Vocabulary {path} must be a JSON array of pieces, found {root.ValueKind}.");
        }

        int count = root.GetArrayLength();
        if (count is <= ReservedCount or > MaxPieces)
        {
            throw new UserException(
                $"Vocabulary {path} must have {ReservedCount + 1} to {MaxPieces} pieces, found {count}.");
        }

        var entries = new List<(string, double)>(count);
        foreach (JsonElement entry in root.EnumerateArray())
        {
            entries.Add(ReadEntry(entry) ?? throw new UserException(
                $"Entry {entries.Count} of the vocabulary {path} must be [piece, number or null] with a piece of 1 to "
                + $"{MaxPieceLength} characters, found {Shorten(entry.GetRawText())}."));
        }

        return entries;
    }

    private static (string Piece, double Score)? ReadEntry(JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Array || entry.GetArrayLength() != 2
            || entry[0].ValueKind != JsonValueKind.String || ReadText(entry[0]) is not { } piece
            || piece.Length is 0 or > MaxPieceLength)
        {
            return null;
        }

        return entry[1].ValueKind switch
        {
            JsonValueKind.Null => (piece, 0),
            JsonValueKind.Number when entry[1].GetDouble() is var score && double.IsFinite(score) => (piece, score),
            _ => null,
        };
    }

    private static string? ReadText(JsonElement element)
    {
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // half a surrogate pair, or not UTF-8
        }
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : $"{text[..60]}…";
}
