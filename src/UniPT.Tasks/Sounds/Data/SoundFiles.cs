using System.Globalization;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.Shared.Tables;

namespace UniPT.Tasks.Sounds.Data;

/// <summary>A recording as it was found.</summary>
/// <param name="Place">Where it is named: the file itself, or table and line.</param>
/// <param name="File">Its path below the root.</param>
/// <param name="Label">Its label as it is written.</param>
/// <param name="Split">0 train, 1 val, 2 test; null: nothing says.</param>
/// <param name="Origin">What says so.</param>
internal sealed record FoundSound(string Place, string File, string Label, int? Split, string? Origin);

/// <summary>Finds the recordings of a data set, by tables that name them or else by their folders.</summary>
internal sealed class SoundFiles
{
    private static readonly string[] Extensions = [".wav", ".wave"];
    private readonly DataSetFiles _files;
    private readonly SoundDataOptions _options;
    private readonly DataSetProblems _problems;
    private readonly DataSetLayout _layout;

    private SoundFiles(DataSetFiles files, SoundDataOptions options, DataSetProblems problems)
    {
        (_files, _options, _problems) = (files, options, problems);
        _layout = new DataSetLayout(files.Sizes.Keys.Where(path => IsNamedSo(path) || TableFile.IsNamedSo(path)), problems);
    }

    /// <summary>All of them, in an order that does not depend on the file system.</summary>
    internal static IReadOnlyList<FoundSound> Find(DataSetFiles files, SoundDataOptions options, DataSetProblems problems) =>
        new SoundFiles(files, options, problems).Find();

    /// <summary>Says what recordings are at a path, for <c>unipt inspect</c>; null where there are none in folders or zips.</summary>
    internal static IReadOnlyList<string>? Describe(string path, bool skipBad)
    {
        if (!Directory.Exists(path) && !Path.GetExtension(path).Equals(".zip", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var problems = new DataSetProblems();
        using DataSetFiles files = DataSetFiles.Open(path, problems);
        if (!files.Sizes.Keys.Any(IsNamedSo))
        {
            return null;
        }

        using SoundDataSet set = SoundDataSet.Open(new SoundDataOptions { Path = path, SkipBad = skipBad }, SeededSplit.Seed);
        return
        [
            $"{path} is a data set of recordings for the task sounds:",
            .. set.Splits.Select(part => PrintableText.Of(string.Create(CultureInfo.InvariantCulture, $"  {part.Name}: {part.Split.Examples.Count:N0}, {part.Split.Origin}"))),
            PrintableText.Of($"  {set.Labels.Count} labels: {TableFile.Shown(set.Labels)}"),
            .. set.Notices.Select(notice => $"  {notice}"),
        ];
    }

    private static bool IsNamedSo(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    private IReadOnlyList<FoundSound> Find()
    {
        TableFile[] tables =
        [
            .. _files.Sizes.Keys.Where(TableFile.IsNamedSo).Order(StringComparer.Ordinal).Select(path => TableFile.Read(_files, path)).Where(table => Has(table, _options.File)),
        ];
        FoundSound[] found = [.. tables.Length > 0 ? tables.SelectMany(OfTable) : OfFolders()];
        if (found.Length == 0 && !_problems.Any)
        {
            _problems.Add(_files.Path, $"holds no recordings; expected WAV files in folders by their labels, or a table with the columns {_options.File} and {_options.Label}");
        }

        return found;
    }

    private IEnumerable<FoundSound> OfFolders()
    {
        foreach (string file in _files.Sizes.Keys.Where(IsNamedSo).Order(StringComparer.Ordinal))
        {
            string folder = DataSetLayout.Parent(file);
            (int Split, string Folder)? split = _layout.Find(file);
            if (folder.Length == 0 || folder == split?.Folder)
            {
                _problems.Add(file, "lies in no folder that is named as its label", "lies in no folder that is named as its label");
                continue;
            }

            yield return new FoundSound(file, file, Path.GetFileName(folder.TrimEnd('/')), split?.Split, split?.Folder);
        }
    }

    private IEnumerable<FoundSound> OfTable(TableFile table)
    {
        foreach ((string place, string problem) in table.Errors)
        {
            _problems.Add(place, problem);
        }

        if (!Has(table, _options.Label))
        {
            _problems.Add(table.Path, $"has no column {_options.Label} (data.label); its columns are {TableFile.Shown(table.Keys)}");
            yield break;
        }

        (int? Split, string? Origin) marked = _layout.Find(table.Path) is { } folder ? (folder.Split, folder.Folder) : (SplitName.Parse(Path.GetFileNameWithoutExtension(table.Path))?.Split, table.Path);
        foreach (TableRow row in table.Rows)
        {
            string? file = Value(row, _options.File);
            string? label = Value(row, _options.Label);
            if (file is null || label is null)
            {
                _problems.Add(row.Place, $"has no {(file is null ? _options.File : _options.Label)}", "has an empty cell");
                continue;
            }

            (int? Split, string? Origin) split = marked;
            if (Has(table, _options.Split))
            {
                split = (SplitName.Parse(Value(row, _options.Split) ?? "")?.Split, $"the column {_options.Split} of {table.Path}");
                if (split.Split is null)
                {
                    _problems.Add(row.Place, $"{_options.Split} is \"{Value(row, _options.Split)}\"; expected train, val or test", $"{_options.Split} is none");
                    continue;
                }
            }

            yield return new FoundSound(row.Place, DataSetLayout.Parent(table.Path) + file.Replace('\\', '/'), label, split.Split, split.Split is null ? null : split.Origin);
        }
    }

    private static string? Value(TableRow row, string column) => row.Values.GetValueOrDefault(column) switch
    {
        string text when !string.IsNullOrWhiteSpace(text) => text.Trim(),
        string => null,
        IConvertible number => number.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    private static bool Has(TableFile table, string column) => table.Keys.Contains(column, StringComparer.OrdinalIgnoreCase);
}
