using System.Text;

namespace UniPT.Tasks.Shared.Tables;

/// <summary>Entries of CSV (RFC 4180), also with tabs, semicolons or bars between the fields; the first line names them.</summary>
internal static class DelimitedRows
{
    private const string Delimiters = ",\t;|";

    /// <summary>Reads what it can.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">Its content.</param>
    /// <param name="rows">Gets the entries.</param>
    /// <param name="errors">Gets what is wrong with lines.</param>
    /// <param name="quotes">Whether fields may stand between quotation marks; otherwise these are characters as any other.</param>
    /// <returns>What the file is instead, or null.</returns>
    public static string? Read(string path, byte[] bytes, List<TableRow> rows, List<(string Place, string Problem)> errors, bool quotes = true)
    {
        if (TextLines.Whole(bytes) is not { } text)
        {
            errors.Add((path, TextLines.NoText));
            return null;
        }

        string header = text.AsSpan().TrimStart().ToString().Split('\n', 2)[0];
        char delimiter = Delimiters.MaxBy(candidate => header.Count(c => c == candidate));
        string[]? names = null;
        foreach ((int line, List<string>? fields) in Records(text, delimiter, quotes))
        {
            if (fields is null)
            {
                errors.Add(($"{path}:{line}", "has a quotation mark that is not closed"));
            }
            else if (names is null)
            {
                names = [.. fields.Select(field => field.Trim())];
            }
            else if (fields.Count != names.Length)
            {
                errors.Add(($"{path}:{line}", $"has {fields.Count} fields and the first line {names.Length}{(quotes ? $"; a field with '{delimiter}' in it stands between quotation marks" : "")}"));
            }
            else
            {
                rows.Add(TableRow.Of($"{path}:{line}", names.Zip(fields, (name, field) => KeyValuePair.Create(name, (object?)field))));
            }
        }

        return null;
    }

    /// <summary>The records with the lines they begin on, blank ones left out; null for the last one if its quotes are not closed.</summary>
    private static IEnumerable<(int Line, List<string>? Fields)> Records(string text, char delimiter, bool quotes)
    {
        int line = 1;
        for (int at = 0; at < text.Length;)
        {
            int first = line;
            var fields = new List<string>();
            bool ended = false;
            while (!ended)
            {
                (string? field, at) = Field(text, at, delimiter, quotes);
                if (field is null)
                {
                    yield return (first, null);
                    yield break;
                }

                fields.Add(field);
                line += field.Count(c => c == '\n');
                ended = at >= text.Length || text[at] != delimiter;
                at += at < text.Length && text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n' ? 2 : 1;
            }

            line++;
            if (fields is not [{ } only] || only.AsSpan().Trim().Length > 0)
            {
                yield return (first, fields);
            }
        }
    }

    /// <summary>A field and the place after it.</summary>
    private static (string? Field, int End) Field(string text, int at, char delimiter, bool quotes)
    {
        if (!quotes || at >= text.Length || text[at] != '"')
        {
            int length = text.AsSpan(at).IndexOfAny(delimiter, '\r', '\n');
            int end = length < 0 ? text.Length : at + length;
            return (text[at..end], end);
        }

        var field = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] != '"')
            {
                field.Append(text[at]);
            }
            else if (at + 1 < text.Length && text[at + 1] == '"')
            {
                field.Append(text[at++]);
            }
            else
            {
                // What stands between the closing mark and the delimiter belongs to the field, as other readers have it.
                (string? rest, int end) = Field(text, at + 1, delimiter, quotes);
                return (field + rest, end);
            }
        }

        return (null, at);
    }
}
