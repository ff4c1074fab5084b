using System.Globalization;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.Shared.Tables;

namespace UniPT.Tasks.Texts.Data;

/// <summary>
/// Reads tables of one's own: CSV, TSV, JSON lines, a JSON list or Parquet. A column, the name of a table or a folder around it says which split its
/// rows are of.
/// </summary>
internal sealed class TextTables
{
    private const int MaxNamed = 3;

    private readonly TextDataOptions _options;
    private readonly DataSetProblems _problems;
    private readonly RowProblems _rows;
    private readonly List<FoundText> _texts = [];
    private readonly List<string> _notices = [];
    private readonly HashSet<string>[] _origins = [[], [], []];

    private TextTables(TextDataOptions options, DataSetProblems problems, RowProblems rows) => (_options, _problems, _rows) = (options, problems, rows);

    public static FoundTexts Read(DataSetFiles files, TextDataOptions options, DataSetProblems problems, RowProblems rows) =>
        new TextTables(options, problems, rows).Read(files);

    /// <summary>Says what tables are at a path, for <c>unipt inspect</c>; null where there is none, or pictures beside them.</summary>
    internal static IReadOnlyList<string>? Describe(string path, bool skipBad)
    {
        var problems = new DataSetProblems();
        using DataSetFiles files = DataSetFiles.Open(path, problems, TableFile.IsNamedSo);
        TableFile[] tables = [.. Tables(files, quotes: true)];
        return tables.All(table => table.Rows.Count == 0)
            ? null
            :
            [
                $"{path} is a data set of tables:",
                .. tables.Select(table => PrintableText.Of(
                    $"  {table.Path}: {table.Rows.Count:N0} rows{(table.Errors.Count > 0 ? $", {table.Errors.Count:N0} that cannot be read" : "")}; columns {TableFile.Shown(table.Keys)}")),
                "  Name the columns in a recipe of the task texts, or of text_to_text: data.text, data.second_text, data.label, data.split.",
            ];
    }

    private FoundTexts Read(DataSetFiles files)
    {
        TableFile[] tables = [.. Tables(files, _options.Quotes)];
        if (tables.Length == 0)
        {
            _problems.Add(files.Path, "holds no table; expected .csv, .tsv, .jsonl, .json or .parquet");
        }

        var layout = new DataSetLayout(tables.Select(table => table.Path), _problems);
        (TableFile Table, int? Split)[] marked = [.. tables.Select(table => (table, Marked(table, layout)))];
        bool hasMarks = marked.Any(pair => pair.Split is not null);

        // A table without the column of texts may be about something else, unless its name says that it is a split or nothing else is there.
        (TableFile Table, int? Split)[] used =
            [.. marked.Where(pair => pair.Split is not null || (HasTexts(pair.Table) && (!hasMarks || Has(pair.Table, _options.Split))))];
        foreach ((TableFile table, int? split) in used.Length > 0 ? used : marked)
        {
            Read(table, split);
        }

        string[] unused = [.. marked.Except(used).Select(pair => pair.Table).Where(HasTexts).Select(table => table.Path)];
        if (used.Length > 0 && unused.Length > 0)
        {
            _notices.Add($"{string.Join(", ", unused.Take(MaxNamed))}{(unused.Length > MaxNamed ? ", …" : "")} {(unused.Length == 1 ? "is" : "are")} named as no split and not used.");
        }

        return new FoundTexts(
            _texts, _texts.Any(text => text.Split is not null) ? [.. _origins.Select(origin => origin.Count == 0 ? "nowhere" : string.Join(" and ", origin))] : null, _notices);
    }

    private static IEnumerable<TableFile> Tables(DataSetFiles files, bool quotes) =>
        files.Sizes.Keys.Where(TableFile.IsNamedSo).Order(StringComparer.Ordinal).Select(path => TableFile.Read(files, path, quotes));

    /// <summary>The split that the place or name of a table says.</summary>
    private int? Marked(TableFile table, DataSetLayout layout)
    {
        if (layout.Find(table.Path) is { } folder)
        {
            return folder.Split;
        }

        SplitName? name = SplitName.Parse(Path.GetFileNameWithoutExtension(table.Path));
        if (name is { Split: null })
        {
            _problems.Add(table.Path, "is named as two splits at once; name it train, val or test");
        }

        return name?.Split;
    }

    private void Read(TableFile table, int? marked)
    {
        foreach ((string place, string problem) in table.Errors)
        {
            if (place == table.Path)
            {
                _problems.Add(place, problem);
            }
            else
            {
                _rows.Add(place, problem, problem.Split(" (")[0]);
            }
        }

        if (table.Unread is { } unread)
        {
            _problems.Add(table.Path, $"{unread}; expected entries with {_options.Text} and {_options.Label}");
        }

        // What a benchmark keeps the answers of, or nobody knows yet.
        bool isUnlabelled = marked == 2 && !Has(table, _options.Label) && !Has(table, _options.Split);
        string[] missing =
            [.. Needed().Where(column => !Has(table, column.Name) && !(isUnlabelled && column.Option == "label")).Select(column => $"{column.Name} (data.{column.Option})")];
        if (table.Rows.Count == 0)
        {
            if (table.Errors.Count == 0 && table.Unread is null)
            {
                _problems.Add(table.Path, "has no rows");
            }
        }
        else if (missing.Length > 0)
        {
            _problems.Add(table.Path, $"has no column {string.Join(" and no ", missing)}; its columns are {TableFile.Shown(table.Keys)}");
        }
        else
        {
            foreach (TableRow row in table.Rows)
            {
                Read(table, row, marked, isUnlabelled);
            }

            if (isUnlabelled)
            {
                _notices.Add($"{table.Path} has no column {_options.Label}: it can be predicted; figures are those of val, by which the best epoch is chosen, and so are too high.");
            }
        }
    }

    private void Read(TableFile table, TableRow row, int? marked, bool isUnlabelled)
    {
        (int? split, string? origin) = SplitOf(table, row, marked);
        string? text = Value(row, _options.Text, "text");
        string? second = _options.SecondText is { } column ? Value(row, column, "text") : null;
        string? label = isUnlabelled ? null : Value(row, _options.Label, "label")?.Trim();
        if (text is null || (label is null && !isUnlabelled) || (second is null && _options.SecondText is not null) || (split is null && Has(table, _options.Split)))
        {
            return;
        }

        if (split is { } index)
        {
            _origins[index].Add(origin!);
        }

        _texts.Add(new FoundText(row.Place, text, second, label, split));
    }

    private (int? Split, string? Origin) SplitOf(TableFile table, TableRow row, int? marked)
    {
        if (!Has(table, _options.Split))
        {
            return (marked, table.Path);
        }

        string said = row.Values.GetValueOrDefault(_options.Split) as string ?? "";
        int? split = SplitName.Parse(said)?.Split;
        if (split is null)
        {
            string shown = said.Length == 0 ? "empty" : $"\"{said}\"";
            _rows.Add(row.Place, $"{_options.Split} is {shown}; expected train, val or test", $"{_options.Split} is {shown}");
        }

        return (split, $"the column {_options.Split} of {table.Path}");
    }

    /// <summary>What stands in a column as text; null after a problem.</summary>
    private string? Value(TableRow row, string column, string what)
    {
        string? text = row.Values.GetValueOrDefault(column) switch
        {
            string value => value,
            bool value => value ? "true" : "false",
            IConvertible number => number.ToString(CultureInfo.InvariantCulture),
            _ => null,
        };
        if (string.IsNullOrWhiteSpace(text))
        {
            string problem = text is not null ? $"{column} is empty" : $"has no {column} (a {what} as a string or number)";
            _rows.Add(row.Place, problem, problem);
            return null;
        }

        return text;
    }

    private IEnumerable<(string Name, string Option)> Needed()
    {
        yield return (_options.Text, "text");
        if (_options.SecondText is { } second)
        {
            yield return (second, "second_text");
        }

        yield return (_options.Label, "label");
    }

    private bool HasTexts(TableFile table) => Has(table, _options.Text);

    private static bool Has(TableFile table, string column) => table.Keys.Contains(column, StringComparer.OrdinalIgnoreCase);
}
