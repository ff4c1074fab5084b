using System.Globalization;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.Shared.Tables;

namespace UniPT.Tasks.VideoRetrieval.Data;

/// <summary>A film as a list or table of a data set names it, with what is said of it.</summary>
/// <param name="Place">Where it is named: file and line.</param>
/// <param name="Name">Its id, or its file's path below the data set.</param>
/// <param name="Captions">May be none, which is a problem of the film.</param>
/// <param name="Split">0 train, 1 val, 2 test; null: nothing says.</param>
/// <param name="Origin">What says so.</param>
internal sealed record ListedFilm(string Place, string Name, IReadOnlyList<string> Captions, int? Split, string? Origin);

/// <summary>What the formats read alike.</summary>
/// <param name="files">The data set.</param>
/// <param name="options">How it is read.</param>
/// <param name="problems">Gets what is wrong.</param>
/// <param name="notices">Gets what is good to know.</param>
internal abstract class FilmFormat(DataSetFiles files, VideoRetrievalDataOptions options, DataSetProblems problems, List<string> notices)
{
    /// <summary>What messages call the format.</summary>
    internal abstract string Name { get; }

    protected DataSetFiles Files => files;

    protected VideoRetrievalDataOptions Options => options;

    protected DataSetProblems Problems => problems;

    /// <summary>The format of a data set: MSR-VTT's or MSVD's where their files are there, a table otherwise.</summary>
    internal static FilmFormat Of(DataSetFiles files, VideoRetrievalDataOptions options, DataSetProblems problems, List<string> notices) =>
        Find(files, MsrVtt.Sentences) is not null ? new MsrVtt(files, options, problems, notices)
        : Find(files, Msvd.Captions) is not null ? new Msvd(files, options, problems, notices)
        : new FilmTable(files, options, problems, notices);

    /// <summary>All films that lists and tables name, in their order.</summary>
    internal abstract IReadOnlyList<ListedFilm> Read();

    /// <summary>The file of a name, the one with the shortest path of several; null for none.</summary>
    protected static string? Find(DataSetFiles files, string name) =>
        files.Sizes.Keys.Where(path => path == name || path.EndsWith($"/{name}", StringComparison.Ordinal)).OrderBy(path => path.Length).ThenBy(path => path, StringComparer.Ordinal).FirstOrDefault();

    /// <summary>The file of a name; a problem and null where there is none, or it cannot be read.</summary>
    protected string? Require(string name)
    {
        string? path = Find(files, name);
        if ((path is null ? "does not exist" : files.FindProblem(path)) is { } problem)
        {
            problems.Add(path ?? name, problem);
            return null;
        }

        return path;
    }

    /// <summary>Says how many captions are of films that no list names; these are not used.</summary>
    protected void NoticeUnlisted(string file, int count)
    {
        if (count > 0)
        {
            notices.Add(string.Create(CultureInfo.InvariantCulture, $"{count:N0} caption{(count == 1 ? "" : "s")} in {file} {(count == 1 ? "is of a film" : "are of films")} that no list names and {(count == 1 ? "is" : "are")} not used."));
        }
    }

    /// <summary>A table with its broken lines among the problems.</summary>
    protected TableFile Table(string path)
    {
        TableFile table = TableFile.Read(files, path);
        foreach ((string place, string problem) in table.Errors)
        {
            problems.Add(place, problem);
        }

        if (table.Unread is { } unread)
        {
            problems.Add(path, unread);
        }

        return table;
    }

    /// <summary>A cell as a text, trimmed; null for an empty one.</summary>
    protected static string? Value(TableRow row, string column) => row.Values.GetValueOrDefault(column) switch
    {
        string text when !string.IsNullOrWhiteSpace(text) => text.Trim(),
        string => null,
        IConvertible number => number.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>Captions without blank ones, which are problems.</summary>
    protected IReadOnlyList<string> Cleaned(string place, IEnumerable<string> captions)
    {
        string[] all = [.. captions.Select(caption => caption.Trim())];
        if (all.Any(caption => caption.Length == 0))
        {
            problems.Add(place, "has an empty caption", "empty captions");
        }

        return [.. all.Where(caption => caption.Length > 0)];
    }
}
