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

    /// <summary>Reads the files of a task; a single file is a test split, of which the answers may be missing.</summary>
    public static FoundTexts Read(DataSetFiles files, GlueTask task, GlueSplits splits, DataSetProblems problems, RowProblems rows)
    {
        var reader = new GlueReader(files, GlueFormat.Of(task), problems, rows);
        string?[] paths = files is OneFile ? [null, null, reader.ReadFile(files.Sizes.Keys.First(), 2)] : reader.Read(splits);
        IReadOnlyList<FoundText> texts = reader._texts;
        if (splits == GlueSplits.Published && task != GlueTask.Mnli && files is not OneFile)
        {
            (texts, paths[1], paths[2]) = PublishedGlueSplits.Of(task, texts, paths, problems);
        }
        else if (paths[1] is { } measured && !texts.Any(text => text is { Split: 2, Label: not null }))
        {
            reader._notices.Add($"The test split of {reader._format.Folder} is published without labels; figures are those of {Path.GetFileName(measured)}, by which the best epoch is chosen, and so are too high.");
        }

        return new FoundTexts(texts, [.. paths.Select(path => path ?? "nowhere")], reader._notices);
    }

    /// <summary>The files of a name that may be meant: those in the folder of the task, else those that lie nearest to the root.</summary>
    public static string[] Candidates(DataSetFiles files, GlueFormat format, string name)
    {
        string[] found = [.. files.Sizes.Keys.Where(path => path == name || path.EndsWith($"/{name}", StringComparison.Ordinal))];
        string[] own = [.. found.Where(path => $"/{path}".EndsWith($"/{format.Folder}/{name}", StringComparison.OrdinalIgnoreCase))];
        return (own.Length > 0 ? own : found).GroupBy(path => path.Count(c => c == '/')).MinBy(group => group.Key)?.Order(StringComparer.Ordinal).ToArray() ?? [];
    }

    /// <summary>The paths of train, val and test; null for what is not there or has a problem.</summary>
    private string?[] Read(GlueSplits splits)
    {
        string?[] paths = [.. _format.Files.Select((name, split) => name is not null && Find(name) is { } path ? ReadFile(path, split) : null)];
        if (splits == GlueSplits.Files && _format.Unlabelled is { } test && paths[0] is { } train
            && DataSetLayout.Parent(train) + test is var unlabelled && _files.Sizes.ContainsKey(unlabelled))
        {
            paths[^1] = ReadFile(unlabelled, 2);
        }

        return paths;
    }

    /// <summary>Reads a file into a split.</summary>
    /// <returns>Its path; null after a problem.</returns>
    private string? ReadFile(string path, int split)
    {
        if (_files.FindTableProblem(path) is { } problem)
        {
            _problems.Add(path, problem);
            return null;
        }

        IReadOnlyList<string>? columns = null;
        Columns? places = null;
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
                bool isHeader = false;
                if (columns is null)
                {
                    // Of CoLA only the file without labels has a header.
                    isHeader = _format.Columns is null || (split == 2 && fields.Contains(_format.Text));
                    columns = isHeader ? fields : _format.Columns!;
                    places = Places(path, columns, split == 2);
                    if (places is null)
                    {
                        return null;
                    }
                }

                if (!isHeader)
                {
                    Read(place, fields, places!, split, few);
                    many.Add(fields.Length > columns.Count, place);
                }
            }
        }

        Say(few, path, places?.Label is null ? "without a text" : "without a text or a label", "left out");
        Say(many, path, $"with more than {columns?.Count} fields", "used, but what is behind these is not");
        return path;
    }

    private void Read(string place, string[] fields, Columns places, int split, Count dropped)
    {
        // MNLI marks what its annotators did not agree upon.
        if (fields.Length <= places.Last || (places.Label is { } label && fields[label] is "" or "-"))
        {
            dropped.Add(true, place);
            return;
        }

        _texts.Add(new FoundText(place, fields[places.Text], places.Second is { } second ? fields[second] : null, places.Label is { } at ? fields[at] : null, split)
        {
            Index = places is { Label: null, Index: { } index } ? fields[index] : null,
        });
    }

    /// <summary>Where the needed columns stand; null after a problem.</summary>
    private Columns? Places(string path, IReadOnlyList<string> columns, bool mayLackLabel)
    {
        int? Place(string? name) => name is null || columns.ToList().IndexOf(name) is not (>= 0 and int place) ? null : place;
        bool labelled = !mayLackLabel || Place(_format.Label) is not null;
        string[] needed = [_format.Text, .. _format.SecondText is { } second ? [second] : Array.Empty<string>(), .. labelled ? [_format.Label] : Array.Empty<string>()];
        if (needed.Where(name => Place(name) is null).ToArray() is { Length: > 0 } missing)
        {
            _problems.Add(
                $"{path}:1", $"has no column {string.Join(" and ", missing)}, which {_format.Folder} has, separated by tabs; its columns are {TableFile.Shown(columns)}");
            return null;
        }

        return new Columns(Place(_format.Text)!.Value, Place(_format.SecondText), labelled ? Place(_format.Label) : null, Place("index") ?? Place("id"));
    }

    /// <summary>The file of a name; null after a problem.</summary>
    private string? Find(string name)
    {
        string[] nearest = Candidates(_files, _format, name);
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

    /// <summary>Where columns stand in a row; null for those that there are none of.</summary>
    private sealed record Columns(int Text, int? Second, int? Label, int? Index)
    {
        public int Last => Math.Max(Text, Math.Max(Second ?? 0, Label ?? 0));
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
