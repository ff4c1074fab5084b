using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.Shared.Tables;

namespace UniPT.Tasks.Retrieval.Data;

/// <summary>Finds the pictures of a data set with their captions and splits, noting every problem.</summary>
internal sealed class DataSetReader
{
    private const int MaxShown = 60;
    private const int MaxNamed = 3;

    private static readonly string[] ImageExtensions = [".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp"];

    /// <summary>Texts that lie beside data and are no captions.</summary>
    private static readonly string[] NoCaptions = ["readme", "license", "licence", "notice", "classes", "requirements"];

    private readonly DataSetFiles _files;
    private readonly DataSetProblems _problems;
    private readonly string[] _images;
    private readonly List<CaptionTable> _tables = [];
    private readonly List<CaptionTable> _unread = [];
    private readonly DataSetLayout _layout;
    private readonly ILookup<string, string> _imagesByName;
    private readonly Dictionary<string, Entry> _entries = [];
    private readonly Dictionary<string, string> _imageOfText = [];
    private readonly List<string> _uncaptioned = [];

    private DataSetReader(DataSetFiles files, DataSetProblems problems)
    {
        (_files, _problems) = (files, problems);
        _images = [.. files.Sizes.Keys.Where(IsImage).Order(StringComparer.Ordinal)];
        _imagesByName = _images.ToLookup(image => image[DataSetLayout.Parent(image).Length..]);
        foreach (CaptionTable table in CaptionTable.ReadAll(files))
        {
            (table.IsOfCaptions ? _tables : _unread).Add(table);
        }

        _layout = new DataSetLayout(_images.Concat(_tables.Select(table => table.Path)), problems);
    }

    public static FoundPictures Read(DataSetFiles files, DataSetProblems problems) => new DataSetReader(files, problems).Read();

    private FoundPictures Read()
    {
        foreach (CaptionTable table in _tables)
        {
            ReadTable(table);
        }

        bool hasSplits = _layout.HasSplits || _entries.Values.Any(entry => entry.Split is not null);
        var outside = new List<string>();
        foreach (string image in _images.Where(image => !_entries.ContainsKey(image)))
        {
            if (hasSplits && _layout.Find(image) is null)
            {
                outside.Add(image);
            }
            else
            {
                ReadSidecar(image);
            }
        }

        ReportUncaptioned();
        ReportLonelyTexts();
        FoundPicture[] pictures =
            [.. _entries.Where(pair => pair.Value.Captions.Count > 0).Select(pair => new FoundPicture(pair.Key, pair.Value.Captions, pair.Value.Split, pair.Value.Source))];
        outside.AddRange(pictures.Where(picture => hasSplits && picture.Split is null).Select(picture => picture.Path));
        return new FoundPictures([.. pictures.Where(picture => !hasSplits || picture.Split is not null)], hasSplits, outside);
    }

    private void ReadTable(CaptionTable table)
    {
        foreach ((string place, string problem) in table.Errors)
        {
            _problems.Add(place, problem, problem.Split(" (")[0]);
        }

        (int Split, string Folder)? around = _layout.Find(table.Path);
        string stem = Path.GetFileNameWithoutExtension(table.Path);
        int? marked = around is null && SplitName.Parse(stem) is { } name ? name.Split : around?.Split;
        foreach (TableRow row in table.Rows)
        {
            ReadRow(table, row, marked);
        }
    }

    private void ReadRow(CaptionTable table, TableRow row, int? marked)
    {
        string? image = FindImage(table, row);
        (IReadOnlyList<string> captions, string? problem) = CaptionTable.CaptionsIn(row);
        if (problem is not null)
        {
            _problems.Add(row.Place, problem, problem);
        }

        if (image is null)
        {
            return;
        }

        (int Split, string Folder)? around = _layout.Find(image);
        (int? split, string? source) = (marked, table.Path);
        if (row.Values.GetValueOrDefault("split") is string { Length: > 0 } said)
        {
            split = said.Equals("restval", StringComparison.OrdinalIgnoreCase) ? 0 : SplitName.Parse(said)?.Split;
            source = $"the column split of {table.Path}";
            if (split is null)
            {
                string shown = Shorten(said);
                _problems.Add(row.Place, $"split is \"{shown}\"; expected train, val or test", $"split is \"{shown}\"");
            }
        }

        if (around is { } folder)
        {
            if (split is { } other && other != folder.Split)
            {
                _problems.Add(
                    row.Place,
                    $"puts {image} into {SplitName.Splits[other]}, but it lies in {folder.Folder}",
                    $"pictures that {table.Path} puts into another split than their folder");
            }

            (split, source) = folder;
        }

        if (!_entries.TryGetValue(image, out Entry? entry))
        {
            _entries[image] = entry = new Entry(split, split is null ? null : source);
        }
        else if (entry.Split != split)
        {
            _problems.Add(row.Place, $"puts {image} into another split than an entry before", "pictures in several splits");
        }

        AddCaptions(entry, captions.Select(caption => (row.Place, caption)));
    }

    /// <summary>The picture that an entry names, below the table's folder; null after a problem.</summary>
    private string? FindImage(CaptionTable table, TableRow row)
    {
        if (CaptionTable.NameIn(row) is not { } given)
        {
            _problems.Add(row.Place, "has no file_name (a string)", "has no file_name (a string)");
            return null;
        }

        string[] parts = given.Trim().Split('/', '\\');
        if (parts[0].Length == 0 || parts.Contains("..") || Path.IsPathRooted(given))
        {
            _problems.Add(row.Place, $"file_name \"{Shorten(given)}\" does not stay below its folder", "names that do not stay below their folder");
            return null;
        }

        string name = string.Join('/', parts.Where(part => part is not ("" or ".")));
        string path = table.Folder + name;
        if (_files.Sizes.ContainsKey(path))
        {
            return path;
        }

        // Often the pictures lie in a folder of their own beside the table.
        string[] below = [.. _imagesByName[name[(name.LastIndexOf('/') + 1)..]]
            .Where(image => image.StartsWith(table.Folder, StringComparison.Ordinal) && image.EndsWith($"/{name}", StringComparison.Ordinal))];
        switch (below.Length)
        {
            case 0:
                _problems.Add(row.Place, $"image {Shorten(name)} {_files.FindProblem(path)}", $"pictures that {table.Path} names and that do not exist");
                return null;
            case 1:
                return below[0];
            default:
                _problems.Add(row.Place, $"image {Shorten(name)} may be {below[0]} or {below[1]}", $"names in {table.Path} that are not unique");
                return null;
        }
    }

    private void ReadSidecar(string image)
    {
        (int Split, string Folder)? around = _layout.Find(image);
        Entry entry = _entries[image] = new Entry(around?.Split, around?.Folder);
        string text = Path.ChangeExtension(image, ".txt");
        if (!_files.Sizes.ContainsKey(text))
        {
            _uncaptioned.Add(image);
        }
        else if (!_imageOfText.TryAdd(text, image))
        {
            _problems.Add(image, $"has the same caption file as {_imageOfText[text]}", "pictures with the same caption file");
        }
        else if (_files.FindProblem(text) is { } problem)
        {
            _problems.Add(text, problem, $"caption files: {problem}");
        }
        else
        {
            (string Place, string Text)[] lines = [.. ReadLines(text)];
            if (lines.Length == 0)
            {
                _problems.Add(text, "has no caption", "caption files without a caption");
            }

            AddCaptions(entry, lines);
        }
    }

    /// <summary>Pictures that nothing says anything of: one sentence for each table that might have, else each picture.</summary>
    private void ReportUncaptioned()
    {
        ILookup<bool, string> uncaptioned = _uncaptioned.ToLookup(image => TablesOver(image).Any());
        foreach (string image in uncaptioned[true])
        {
            string[] over = [.. TablesOver(image)];
            _problems.Add(
                image, $"has no caption: {string.Join(" and ", over.Take(MaxNamed))} {(over.Length == 1 ? "does" : "do")} not name it", "pictures without a caption");
        }

        string[] alone = [.. uncaptioned[false]];
        foreach (CaptionTable table in _unread.Where(_ => alone.Length > 0).Take(MaxNamed))
        {
            string without = alone.Length == 1 ? $"{alone[0]} has no caption" : $"{alone.Length} pictures have no caption, the first is {alone[0]}";
            _problems.Add(table.Path, $"{table.WhyUnread()}; {without}");
        }

        foreach (string image in alone.Where(_ => _unread.Count == 0))
        {
            _problems.Add(
                image,
                $"has no caption: neither {DataSetLayout.Parent(image)}metadata.jsonl (or .csv, .json, .parquet) nor {Path.ChangeExtension(image, ".txt")} exists",
                "pictures without a caption");
        }

        IEnumerable<string> TablesOver(string image) =>
            _tables.Where(table => image.StartsWith(table.Folder, StringComparison.Ordinal)).Select(table => table.Path);
    }

    /// <summary>Caption files of pictures that are not there, where nothing else holds captions.</summary>
    private void ReportLonelyTexts()
    {
        var known = new HashSet<string>(_images.Select(image => Path.ChangeExtension(image, ".txt")));
        foreach (string text in _files.Sizes.Keys.Where(IsCaptionFile).Where(text => !known.Contains(text)).Order(StringComparer.Ordinal))
        {
            bool isInside = !_layout.HasSplits || _layout.Find(text) is not null;
            if (isInside && !_tables.Any(table => text.StartsWith(table.Folder, StringComparison.Ordinal)))
            {
                _problems.Add(text, "no image of this name", "caption files without a picture");
            }
        }
    }

    private IEnumerable<(string Place, string Text)> ReadLines(string name)
    {
        foreach ((int number, string? text) in TextLines.Of(_files.Read(name)))
        {
            string place = $"{name}:{number}";
            if (text is null)
            {
                _problems.Add(place, TextLines.NoText, TextLines.NoText);
            }
            else
            {
                yield return (place, text);
            }
        }
    }

    /// <summary>Adds captions without blank and repeated ones, which are problems.</summary>
    private void AddCaptions(Entry entry, IEnumerable<(string Place, string Text)> captions)
    {
        foreach ((string place, string text) in captions)
        {
            string caption = text.Trim();
            if (caption.Length == 0)
            {
                _problems.Add(place, "empty caption", "empty captions");
            }
            else if (entry.Seen.Add(caption))
            {
                entry.Captions.Add(caption);
            }
            else
            {
                _problems.Add(place, $"the caption \"{Shorten(caption)}\" occurs twice for this image", "captions that occur twice for their image");
            }
        }
    }

    private static string Shorten(string text) => text.Length <= MaxShown ? text : $"{text[..MaxShown]}…";

    /// <summary>Whether a file is a picture, by its name.</summary>
    internal static bool IsImage(string name) => ImageExtensions.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);

    private static bool IsCaptionFile(string name) =>
        name.EndsWith(".txt", StringComparison.Ordinal)
        && !NoCaptions.Contains(Path.GetFileNameWithoutExtension(name), StringComparer.OrdinalIgnoreCase);

    /// <summary>A picture as it is being read.</summary>
    private sealed class Entry(int? split, string? source)
    {
        public int? Split { get; } = split;

        public string? Source { get; } = source;

        public List<string> Captions { get; } = [];

        public HashSet<string> Seen { get; } = [];
    }
}
