using UniPT.Tasks.Shared.DataSets;

namespace UniPT.Tasks.Shared.Tables;

/// <summary>A file of entries: JSON lines, a JSON list, CSV or Parquet.</summary>
internal sealed class TableFile
{
    private static readonly string[] Extensions = [".jsonl", ".ndjson", ".csv", ".tsv", ".parquet", ".json"];

    private const int MaxShown = 12;

    private readonly List<TableRow> _rows = [];
    private readonly List<(string Place, string Problem)> _errors = [];

    private TableFile(string path) => Path = path;

    /// <summary>The file, below the data set's root.</summary>
    public string Path { get; }

    /// <summary>Its entries.</summary>
    public IReadOnlyList<TableRow> Rows => _rows;

    /// <summary>What is wrong with lines that cannot be read, or with the file.</summary>
    public IReadOnlyList<(string Place, string Problem)> Errors => _errors;

    /// <summary>What the file is instead of a table; null for a table.</summary>
    public string? Unread { get; private set; }

    /// <summary>The keys of all entries, in the order in which they first occur.</summary>
    public IReadOnlyList<string> Keys { get; private set; } = [];

    /// <summary>Whether a file has the name of a table.</summary>
    public static bool IsNamedSo(string path) => Extensions.Contains(System.IO.Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Names of columns as messages show them.</summary>
    public static string Shown(IReadOnlyList<string> columns) =>
        columns.Count == 0 ? "none" : string.Join(", ", columns.Take(MaxShown)) + (columns.Count > MaxShown ? ", …" : "");

    /// <summary>Reads what it can; <c>.csv</c>, <c>.tsv</c> and <c>.txt</c> as CSV.</summary>
    /// <param name="files">Where it is.</param>
    /// <param name="path">The file.</param>
    /// <param name="quotes">Whether fields of CSV may stand between quotation marks.</param>
    public static TableFile Read(DataSetFiles files, string path, bool quotes = true)
    {
        var table = new TableFile(path);
        if (files.FindProblem(path) is { } problem)
        {
            table._errors.Add((path, problem));
            return table;
        }

        byte[] bytes = files.Read(path);
        table.Unread = System.IO.Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".parquet" => ParquetRows.Read(path, bytes, table._rows, table._errors),
            ".csv" or ".tsv" or ".txt" => DelimitedRows.Read(path, bytes, table._rows, table._errors, quotes),
            _ => JsonRows.Read(path, bytes, table._rows, table._errors),
        };
        table.Keys = [.. table._rows.SelectMany(row => row.Values.Keys).Distinct(StringComparer.OrdinalIgnoreCase)];
        return table;
    }
}
