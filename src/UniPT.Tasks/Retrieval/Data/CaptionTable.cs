using System.Text.Json;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.Shared.Tables;

namespace UniPT.Tasks.Retrieval.Data;

/// <summary>A file of entries that may name pictures and their captions: JSON lines, a JSON list, CSV or Parquet.</summary>
internal sealed class CaptionTable
{
    /// <summary>What the standard layout calls its tables, whatever their format.</summary>
    private const string StandardName = "metadata";

    /// <summary>In the order in which they are looked for; the first of each is the standard's.</summary>
    private static readonly string[] NameKeys =
        ["file_name", "filename", "image", "image.path", "image_path", "image_name", "image_file", "img", "img_path", "filepath", "file", "path"];

    private static readonly string[] CaptionKeys = ["captions", "caption", "text", "texts", "sentences", "sentence", "description", "comment"];

    private readonly TableFile _file;

    private CaptionTable(TableFile file)
    {
        _file = file;
        HasNames = NameKeys.Any(key => Rows.Any(row => row.Values.GetValueOrDefault(key) is string));
        HasCaptions = CaptionKeys.Any(key => file.Keys.Contains(key, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The file.</summary>
    public string Path => _file.Path;

    /// <summary>The folder around it, which the names in it start from.</summary>
    public string Folder => DataSetLayout.Parent(Path);

    /// <summary>Its entries.</summary>
    public IReadOnlyList<TableRow> Rows => _file.Rows;

    /// <summary>Lines that cannot be read.</summary>
    public IReadOnlyList<(string Place, string Problem)> Errors => _file.Errors;

    /// <summary>Whether its entries name pictures and captions.</summary>
    public bool IsOfCaptions => HasNames && HasCaptions;

    private bool HasNames { get; }

    private bool HasCaptions { get; }

    /// <summary>Reads the tables of a data set: of a folder with a <c>metadata</c> file that one, of others all that there are.</summary>
    public static List<CaptionTable> ReadAll(DataSetFiles files) =>
    [
        .. files.Sizes.Keys.Where(IsTable).GroupBy(DataSetLayout.Parent).OrderBy(group => group.Key, StringComparer.Ordinal).SelectMany(group =>
        {
            string[] paths = [.. group.Order(StringComparer.Ordinal)];
            string[] standard = [.. paths.Where(path => NameOf(path) == StandardName)];
            return standard.Length > 0 ? standard : paths;
        }).Select(path => new CaptionTable(TableFile.Read(files, path))),
    ];

    /// <summary>What keeps it from being a table of captions, in a sentence that names the keys it has.</summary>
    public string WhyUnread()
    {
        const string expected = "expected entries with file_name (or filename, image) and captions (or caption, text)";
        if (_file.Unread is not null)
        {
            return $"{_file.Unread}; {expected}";
        }

        if (Rows.Count == 0)
        {
            return Errors.Count > 0 ? Errors[0].Problem : $"has no entries; {expected}";
        }

        string missing = HasNames ? "no captions" : HasCaptions ? "no names of pictures" : "neither names of pictures nor captions";
        string inside = !HasNames && _file.Keys.Contains("image.bytes", StringComparer.OrdinalIgnoreCase)
            ? "; the pictures that it holds itself are not read, write them to files beside it" : "";
        return $"has {missing}; {expected}, found the keys {TableFile.Shown(_file.Keys)}{inside}";
    }

    /// <summary>The picture's name as an entry gives it; null if it gives none.</summary>
    public static string? NameIn(TableRow row) => NameKeys.Select(key => row.Values.GetValueOrDefault(key)).OfType<string>().FirstOrDefault();

    /// <summary>An entry's captions, or what is wrong with them.</summary>
    public static (IReadOnlyList<string> Captions, string? Problem) CaptionsIn(TableRow row)
    {
        if (CaptionKeys.FirstOrDefault(row.Values.ContainsKey) is not { } key)
        {
            return ([], "has no captions (a list of strings), caption or text (a string)");
        }

        return row.Values[key] switch
        {
            string caption => (ListIn(caption) ?? [caption], null),
            IReadOnlyList<string> { Count: > 0 } captions => (captions, null),
            _ => ([], $"{key} is neither a string nor a list of one or more strings"),
        };
    }

    private static string NameOf(string path) => System.IO.Path.GetFileNameWithoutExtension(path).ToLowerInvariant();

    /// <summary>A text file is one only by name: others are captions of a picture.</summary>
    private static bool IsTable(string path) =>
        TableFile.IsNamedSo(path)
        || System.IO.Path.GetFileName(path).ToLowerInvariant() is "captions.txt" or "metadata.txt";

    /// <summary>The captions where a table without lists, such as CSV, holds a list as JSON.</summary>
    private static string[]? ListIn(string text)
    {
        if (!text.StartsWith("[\"", StringComparison.Ordinal) || !text.EndsWith("\"]", StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<string[]>(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
