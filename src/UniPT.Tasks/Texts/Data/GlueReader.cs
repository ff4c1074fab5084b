using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.Shared.Tables;

namespace UniPT.Tasks.Texts.Data;

/// <summary>
/// Reads the published files of a task of GLUE as Hugging Face's <c>glue</c> does: rows without one of the needed fields are left out, an empty
/// text is one, and fields beyond the header's are not looked at.
/// </summary>
internal sealed class GlueReader
{
    private readonly DataSetFiles _files;
    private readonly GlueFormat _format;
    private readonly DataSetProblems _problems;
    private readonly RowProblems _rows;
    private readonly List<FoundText> _texts = [];
    private readonly List<string> _notices = [];

    private GlueReader(DataSetFiles files, GlueFormat format, DataSetProblems problems, RowProblems rows) =>
        (_files, _format, _problems, _rows) = (files, format, problems, rows);

    public static FoundTexts Read(DataSetFiles files, GlueTask task, DataSetProblems problems, RowProblems rows)
    {
        var reader = new GlueReader(files, GlueFormat.Of(task), problems, rows);
        string?[] paths = [.. reader._format.Files.Select((name, split) => name is null ? null : reader.Read(name, split))];
        if (reader._format.Files[^1] is null)
        {
            reader._notices.Add($"The test split of {reader._format.Folder} is published without labels; figures are those of {reader._format.Files[1]}, by which the best epoch is chosen, and so are too high.");
        }

        return new FoundTexts(reader._texts, [.. paths.Select(path => path ?? "nowhere")], reader._notices);
    }

    /// <summary>Reads a file into a split.</summary>
    /// <returns>Where it was found; null after a problem.</returns>
    private string? Read(string name, int split)
    {
        if (Find(name) is not { } path)
        {
            return null;
        }

        if (_files.FindProblem(path) is { } problem)
        {
            _problems.Add(path, problem);
            return null;
        }

        IReadOnlyList<string>? columns = _format.Columns;
        (int Text, int Second, int Label)? places = columns is null ? null : Places(path, columns);
        var (few, many) = (new Count(), new Count());
        foreach ((int number, string? line) in TextLines.Untrimmed(_files.Read(path)))
        {
            string place = $"{path}:{number}";
            if (line is null)
            {
                _rows.Add(place, TextLines.NoText, TextLines.NoText);
            }
            else if (line.Length > 0)
            {
                string[] fields = line.Split('\t');
                if (places is null)
                {
                    (columns, places) = (fields, Places(path, fields));
                    if (places is null)
                    {
                        return null;
                    }
                }
                else
                {
                    Read(place, fields, places.Value, split, few);
                    many.Add(fields.Length > columns!.Count, place);
                }
            }
        }

        Say(few, path, "without a text or a label", "left out");
        Say(many, path, $"with more than {columns?.Count} fields", "used, but what is behind these is not");
        return path;
    }

    private void Read(string place, string[] fields, (int Text, int Second, int Label) places, int split, Count dropped)
    {
        // MNLI marks what its annotators did not agree upon.
        if (fields.Length <= Math.Max(places.Text, Math.Max(places.Second, places.Label)) || fields[places.Label] is "" or "-")
        {
            dropped.Add(true, place);
            return;
        }

        _texts.Add(new FoundText(place, fields[places.Text], places.Second < 0 ? null : fields[places.Second], fields[places.Label], split));
    }

    /// <summary>Where the needed columns stand, −1 for a second text that the task does not have; null after a problem.</summary>
    private (int Text, int Second, int Label)? Places(string path, IReadOnlyList<string> columns)
    {
        string[] needed = _format.SecondText is { } second ? [_format.Text, second, _format.Label] : [_format.Text, _format.Label];
        if (needed.Where(name => !columns.Contains(name)).ToArray() is { Length: > 0 } missing)
        {
            _problems.Add(
                $"{path}:1", $"has no column {string.Join(" and ", missing)}, which {_format.Folder} has, separated by tabs; its columns are {TableFile.Shown(columns)}");
            return null;
        }

        int[] places = [.. needed.Select(name => columns.ToList().IndexOf(name))];
        return (places[0], places.Length == 3 ? places[1] : -1, places[^1]);
    }

    /// <summary>The file of a name: in the folder of the task, else the one that lies nearest to the root.</summary>
    private string? Find(string name)
    {
        string[] found = [.. _files.Sizes.Keys.Where(path => path == name || path.EndsWith($"/{name}", StringComparison.Ordinal))];
        string[] own = [.. found.Where(path => $"/{path}".EndsWith($"/{_format.Folder}/{name}", StringComparison.OrdinalIgnoreCase))];
        string[] nearest = (own.Length > 0 ? own : found).GroupBy(path => path.Count(c => c == '/')).MinBy(group => group.Key)?.Order(StringComparer.Ordinal).ToArray() ?? [];
        if (nearest.Length == 1)
        {
            return nearest[0];
        }

        _problems.Add(name, nearest.Length == 0
            ? $"does not exist; the published files of {_format.Folder} are {string.Join(", ", _format.Files.OfType<string>())}"
            : $"may be {nearest[0]} or {nearest[1]}; name the folder of {_format.Folder}");
        return null;
    }

    private void Say(Count rows, string path, string which, string what)
    {
        if (rows.Number > 0)
        {
            _notices.Add($"{rows.Number} row{(rows.Number == 1 ? "" : "s")} of {path} {which} {(rows.Number == 1 ? "is" : "are")} {what}; the first is {rows.First}.");
        }
    }

    /// <summary>How many rows are of a kind, and where the first stands.</summary>
    private sealed class Count
    {
        public int Number { get; private set; }

        public string First { get; private set; } = "";

        public void Add(bool isOne, string place)
        {
            if (isOne && Number++ == 0)
            {
                First = place;
            }
        }
    }
}
