using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.Shared.Tables;

namespace UniPT.Tasks.VideoRetrieval.Data;

/// <summary>A user's own films: tables whose rows name a film, what is said of it and, if they like, its split. A film may stand in several rows.</summary>
internal sealed class FilmTable(DataSetFiles files, VideoRetrievalDataOptions options, DataSetProblems problems, List<string> notices) : FilmFormat(files, options, problems, notices)
{
    internal override string Name => "films with a table";

    /// <summary>The tables of a data set that name films.</summary>
    internal static IReadOnlyList<TableFile> Tables(DataSetFiles files, string column) =>
    [
        .. files.Sizes.Keys.Where(TableFile.IsNamedSo).Order(StringComparer.Ordinal).Select(path => TableFile.Read(files, path))
            .Where(table => table.Keys.Contains(column, StringComparer.OrdinalIgnoreCase)),
    ];

    internal override IReadOnlyList<ListedFilm> Read()
    {
        IReadOnlyList<TableFile> tables = Tables(Files, Options.File);
        if (tables.Count == 0)
        {
            Problems.Add(
                Files.Path,
                $"is no data set of films; expected {MsrVtt.Sentences} (MSR-VTT), {Msvd.Captions} (MSVD), or a table (CSV, JSON lines, Parquet) with the columns {Options.File} and {Options.Caption}");
        }

        return
        [
            .. tables.SelectMany(Films).GroupBy(film => (film.Name, film.Split)).Select(rows => rows.First() with { Captions = [.. rows.SelectMany(row => row.Captions).Distinct()] }),
        ];
    }

    private IEnumerable<ListedFilm> Films(TableFile table)
    {
        foreach ((string place, string problem) in table.Errors)
        {
            Problems.Add(place, problem);
        }

        if (!table.Keys.Contains(Options.Caption, StringComparer.OrdinalIgnoreCase))
        {
            Problems.Add(table.Path, $"has no column {Options.Caption} (data.caption); its columns are {TableFile.Shown(table.Keys)}");
            yield break;
        }

        bool marks = table.Keys.Contains(Options.Split, StringComparer.OrdinalIgnoreCase);
        int? named = SplitName.Parse(Path.GetFileNameWithoutExtension(table.Path))?.Split;
        foreach (TableRow row in table.Rows)
        {
            if (Value(row, Options.File) is not { } file)
            {
                Problems.Add(row.Place, $"has no {Options.File}", "rows that name no film");
                continue;
            }

            int? split = marks ? SplitName.Parse(Value(row, Options.Split) ?? "")?.Split : named;
            if (marks && split is null)
            {
                Problems.Add(row.Place, $"{Options.Split} is \"{Value(row, Options.Split)}\"; expected train, val or test", $"{Options.Split} is none");
                continue;
            }

            IEnumerable<string> captions = row.Values.GetValueOrDefault(Options.Caption) switch
            {
                string text => [text],
                IReadOnlyList<string> several => several,
                _ => [],
            };
            yield return new ListedFilm(
                row.Place,
                (Options.Videos is null ? DataSetLayout.Parent(table.Path) : "") + file.Replace('\\', '/'),
                Cleaned(row.Place, captions),
                split,
                split is null ? null : marks ? $"the column {Options.Split} of {table.Path}" : table.Path);
        }
    }
}
