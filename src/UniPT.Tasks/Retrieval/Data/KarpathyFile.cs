using System.Globalization;
using System.Text.Json;
using UniPT.Tasks.Shared.DataSets;

namespace UniPT.Tasks.Retrieval.Data;

/// <summary>
/// Flickr8K, Flickr30K and MS-COCO as Karpathy and Fei-Fei split them (CVPR 2015): <c>dataset_coco.json</c> with a list <c>images</c> of <c>filename</c>, <c>filepath</c>,
/// <c>split</c> (<c>restval</c> belongs to train) and <c>sentences</c> of <c>raw</c> text or <c>tokens</c>. It is read entry by entry: beside the file's bytes one entry is in
/// memory.
/// </summary>
internal sealed class KarpathyFile
{
    private readonly DataSetFiles _files;
    private readonly DataSetFiles? _elsewhere;
    private readonly string _name;
    private readonly DataSetProblems _problems;
    private readonly RowProblems _rows;
    private readonly List<(string Place, FoundPicture Picture)> _found = [];

    private KarpathyFile(DataSetFiles files, string name, DataSetFiles? elsewhere, DataSetProblems problems, bool skipBad) =>
        (_files, _name, _elsewhere, _problems, _rows) = (files, name, elsewhere, problems, new RowProblems(problems, skipBad));

    /// <summary>Whether the bytes of a JSON file have this layout, as far as its first entry shows.</summary>
    internal static bool Is(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var json = new Utf8JsonReader(WithoutMark(bytes));
            if (!FindImages(ref json) || !json.Read() || json.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            using JsonDocument first = JsonDocument.ParseValue(ref json);
            return first.RootElement.TryGetProperty("sentences", out JsonElement sentences) && sentences.ValueKind == JsonValueKind.Array
                && first.RootElement.TryGetProperty("filename", out _);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Reads all entries, noting every problem.</summary>
    /// <param name="files">Where the file is.</param>
    /// <param name="name">The file.</param>
    /// <param name="elsewhere">Where the pictures may be besides; null for nowhere.</param>
    /// <param name="problems">Gets every problem.</param>
    /// <param name="skipBad">Whether entries that cannot be used are left out.</param>
    internal static FoundPictures Read(DataSetFiles files, string name, DataSetFiles? elsewhere, DataSetProblems problems, bool skipBad)
    {
        var reader = new KarpathyFile(files, name, elsewhere, problems, skipBad);
        reader.ReadEntries(WithoutMark(files.Read(name)));
        return reader.Found();
    }

    private FoundPictures Found()
    {
        var folder = PictureFolder.Find(_files, _elsewhere, _found.Select(entry => entry.Picture.Path), _name, _problems);
        var pictures = new List<FoundPicture>();
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string place, FoundPicture picture) in _found.Where(_ => folder is not null))
        {
            string path = folder!.PathOf(picture.Path);
            if (!folder.Files.Sizes.ContainsKey(path))
            {
                _rows.Add(place, $"names the picture {path}, which {folder.Files.FindProblem(path)}", $"pictures that {_name} names and that do not exist");
            }
            else if (places.TryGetValue($"{picture.Split} {path}", out string? before))
            {
                _rows.Add(place, $"names {path} again, after {before}", "pictures that are named again");
            }
            else
            {
                places[$"{picture.Split} {path}"] = place;
                pictures.Add(picture with { Path = path });
            }
        }

        return new FoundPictures(pictures, HasSplits: true, [])
        {
            Format = "in Karpathy's JSON",
            Files = folder?.Files,
            Notices = [.. PublishedNotices.Of(_name, pictures), .. _rows.Notice(_name) is { } left ? new[] { left } : []],
        };
    }

    private void ReadEntries(ReadOnlySpan<byte> bytes)
    {
        var json = new Utf8JsonReader(bytes);
        (int line, int counted) = (1, 0);
        try
        {
            if (!FindImages(ref json))
            {
                _problems.Add(_name, "has no list images");
                return;
            }

            for (int index = 0; json.Read() && json.TokenType != JsonTokenType.EndArray; index++)
            {
                int start = (int)json.TokenStartIndex;
                (line, counted) = (line + bytes[counted..start].Count((byte)'\n'), start);
                using JsonDocument entry = JsonDocument.ParseValue(ref json);
                Add($"{_name}:{line} images[{index}]", entry.RootElement);
            }

            while (json.Read())
            {
            }
        }
        catch (JsonException error)
        {
            _problems.Add($"{_name}:{error.LineNumber + 1}", $"is not valid JSON (byte {error.BytePositionInLine + 1})");
        }
    }

    private void Add(string place, JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object)
        {
            _rows.Add(place, $"is not a JSON object but {entry.ValueKind}", "entries that are no objects");
            return;
        }

        if (Text(entry, "filename") is not { Length: > 0 } file)
        {
            _rows.Add(place, "has no filename (a string)", "entries without a filename");
            return;
        }

        int? split = Text(entry, "split") switch { "train" or "restval" => 0, "val" => 1, "test" => 2, _ => null };
        if (split is null)
        {
            _rows.Add(place, $"{file}: its split is {Text(entry, "split") ?? "missing"}; expected train, restval, val or test", "entries of an unknown split");
            return;
        }

        JsonElement[] sentences = entry.TryGetProperty("sentences", out JsonElement list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];
        (string? Caption, string? Id)[] said = [.. sentences.Select(sentence => (CaptionOf(sentence), Number(sentence, "sentid")))];
        if (said.Length == 0 || said.Any(one => one.Caption is null))
        {
            _rows.Add(place, $"{file}: {(said.Length == 0 ? "has no sentences" : "has a sentence without raw text or tokens")}", "entries without sentences");
            said = [.. said.Where(one => one.Caption is not null)];
        }

        if (said.Length > 0)
        {
            string path = (Text(entry, "filepath") is { Length: > 0 } folder ? $"{folder.Trim('/', '\\')}/" : "") + file;
            _found.Add((place, new FoundPicture(path, [.. said.Select(one => one.Caption!)], split, _name)
            {
                Id = Number(entry, "cocoid") ?? Number(entry, "imgid"),
                CaptionIds = said.All(one => one.Id is not null) ? [.. said.Select(one => one.Id!)] : null,
            }));
        }
    }

    /// <summary>Null for one without any.</summary>
    private static string? CaptionOf(JsonElement sentence)
    {
        if (sentence.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        string? raw = Text(sentence, "raw")?.Trim();
        if (raw is null && sentence.TryGetProperty("tokens", out JsonElement tokens) && tokens.ValueKind == JsonValueKind.Array)
        {
            raw = string.Join(' ', tokens.EnumerateArray().Select(token => token.ValueKind == JsonValueKind.String ? Decoded(token) : null));
        }

        return string.IsNullOrWhiteSpace(raw) ? null : string.Join(' ', raw.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    private static string? Text(JsonElement of, string key) => of.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? Decoded(value) : null;

    /// <summary>Null for half a surrogate pair.</summary>
    private static string? Decoded(JsonElement text)
    {
        try
        {
            return text.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Number(JsonElement of, string key) =>
        of.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number)
            ? number.ToString(CultureInfo.InvariantCulture)
            : null;

    private static bool FindImages(ref Utf8JsonReader json)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            bool found = json.ValueTextEquals("images"u8);
            json.Read();
            if (found)
            {
                return json.TokenType == JsonTokenType.StartArray;
            }

            json.Skip();
        }

        return false;
    }

    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> bytes) => bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
}
