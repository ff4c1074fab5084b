using System.Globalization;
using UniPT.Backbones.Media;
using UniPT.Tasks.Shared.Classification;
using UniPT.Tasks.Shared.DataSets;

namespace UniPT.Tasks.VideoRetrieval.Data;

/// <summary>A film and what is said of it.</summary>
/// <param name="Name">Its id, or its file's path below the data set.</param>
/// <param name="Captions">At least one; none is blank.</param>
/// <param name="Content">As <see cref="FilmContents"/> tells it.</param>
/// <param name="File">Where its frames come from.</param>
internal sealed record CaptionedFilm(string Name, IReadOnlyList<string> Captions, string Content, VideoFile File);

/// <summary>The films of one split, in an order that stays the same.</summary>
/// <param name="Films">May be none in val and test.</param>
/// <param name="Origin">Where the split comes from, as messages say it.</param>
internal sealed record FilmSplit(IReadOnlyList<CaptionedFilm> Films, string Origin)
{
    /// <summary>Texts of all films.</summary>
    internal int Captions { get; } = Films.Sum(film => film.Captions.Count);

    /// <summary>How many films and captions.</summary>
    internal string Contents => string.Create(CultureInfo.InvariantCulture, $"{Films.Count:N0} film{(Films.Count == 1 ? "" : "s")}, {Captions:N0} caption{(Captions == 1 ? "" : "s")}");
}

/// <summary>Films with captions in a folder: MSR-VTT, MSVD, or a user's own with a table.</summary>
internal sealed class FilmDataSet
{
    private FilmDataSet(string format, FilmSplit[] splits, IReadOnlyList<string> notices)
    {
        (Format, Notices) = (format, notices);
        Splits = [.. SplitName.Splits.Zip(splits)];
        Fingerprint = DataSetFingerprint.Of(writer =>
        {
            foreach (FilmSplit split in splits)
            {
                writer.Write(split.Films.Count);
                foreach (CaptionedFilm film in split.Films)
                {
                    writer.Write(film.Name);
                    writer.Write(film.Content);
                    writer.Write(film.Captions.Count);
                    foreach (string caption in film.Captions)
                    {
                        writer.Write(caption);
                    }
                }
            }
        });
    }

    /// <summary>What messages call the format.</summary>
    internal string Format { get; }

    /// <summary>Train, val and test by their names.</summary>
    internal IReadOnlyList<(string Name, FilmSplit Split)> Splits { get; }

    /// <summary>Hexadecimal SHA-256 over names, contents, captions and splits.</summary>
    internal string Fingerprint { get; }

    /// <summary>What a user should know of these data, a sentence each.</summary>
    internal IReadOnlyList<string> Notices { get; }

    /// <summary>The films to learn from.</summary>
    internal FilmSplit Train => Splits[0].Split;

    /// <summary>Opens a data set and looks at every film once, without decoding it.</summary>
    /// <param name="options">Where it is and how it is read.</param>
    /// <param name="seed">Decides the splits where the data set has none.</param>
    /// <exception cref="DataSetException">It has problems; all of them are named.</exception>
    /// <exception cref="UserException">There is no such folder, or no program that reads films.</exception>
    internal static FilmDataSet Open(VideoRetrievalDataOptions options, long seed)
    {
        if (File.Exists(options.Path))
        {
            throw new UserException($"Data set {options.Path} is a file; films are read from a folder, so that a zip file is to be unpacked.");
        }

        var problems = new DataSetProblems();
        var notices = new List<string>();
        using DataSetFiles files = DataSetFiles.Open(options.Path, problems);
        using DataSetFiles? videos = options.Videos is { } place ? DataSetFiles.Open(place, problems) : null;
        FilmFormat format = FilmFormat.Of(files, options, problems, notices);
        IReadOnlyList<ListedFilm> listed = format.Read();
        var rows = new RowProblems(problems, options.SkipBad);
        FoundFilm[] found = problems.Any ? [] : Look(Unrepeated(listed, rows), videos ?? files, options.Workers, rows);
        problems.ThrowIfAny(options.Path);

        string set = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Path)));
        FoundFilm[] chosenBy = options.Validation == ValidationFilms.Test ? [.. found.Where(film => film.Listed.Split == 2)] : [];
        if (chosenBy.Length > 0)
        {
            found = [.. found.Where(film => film.Listed.Split != 1), .. chosenBy.Select(film => film with { Listed = film.Listed with { Split = 1 } })];
            notices.Add("The best epoch is chosen by the films of test, as the published code does (data.validation: test); figures of test are too high by that.");
        }

        string[]? origins = found.Any(film => film.Listed.Split is not null) ? [.. Enumerable.Range(0, SplitName.Splits.Length).Select(split => Origin(found, split))] : null;
        var divided = new ExampleSplits(set, "films", "names", problems, notices).Divide(found, film => film.Film.Name, film => film.Listed.Split, origins, seed);
        problems.ThrowIfAny(options.Path);
        FilmSplit[] splits = [.. divided!.Value.Splits.Zip(divided.Value.Origins, (films, origin) => new FilmSplit([.. films.Select(film => film.Film)], origin))];
        IEnumerable<FilmSplit> apart = splits.Where((_, i) => i != 1 || chosenBy.Length == 0);
        foreach (string? notice in (string?[])[rows.Notice(set), LabelList.RepeatedNotice(set, "films", apart.Select(split => split.Films.Select(film => film.Content)))])
        {
            if (notice is not null)
            {
                notices.Add(notice);
            }
        }

        return new FilmDataSet(format.Name, splits, [.. notices.Select(PrintableText.Of)]);
    }

    /// <summary>Says what a data set is, for <c>unipt inspect</c>; null where it is none of films.</summary>
    internal static IReadOnlyList<string>? Describe(string path, bool skipBad)
    {
        if (!Directory.Exists(path))
        {
            return null;
        }

        var options = new VideoRetrievalDataOptions { Path = path, SkipBad = skipBad, Workers = Environment.ProcessorCount };
        using (DataSetFiles files = DataSetFiles.Open(path, new DataSetProblems()))
        {
            if (FilmFormat.Of(files, options, new DataSetProblems(), []) is FilmTable && (!files.Sizes.Keys.Any(FilmFiles.IsFilm) || FilmTable.Tables(files, options.File).Count == 0))
            {
                return null;
            }
        }

        FilmDataSet set = Open(options, SeededSplit.Seed);
        int frames = set.Splits.Sum(part => part.Split.Films.Sum(film => Math.Min(options.MaxFrames, film.File.Taken(options.Sampling))));
        return
        [
            $"{path} is a data set of films and captions for the task video_retrieval ({set.Format}):",
            .. set.Splits.Select(part => PrintableText.Of($"  {part.Name,-6} {part.Split.Contents}{(part.Split.Films.Count > 0 ? $", from {part.Split.Origin}" : "")}")),
            string.Create(CultureInfo.InvariantCulture, $"  {frames:N0} frames are read of them, one a second and {options.MaxFrames} of a film at most"),
            .. set.Notices.Select(notice => $"  {notice}"),
            .. set.Train.Films.Take(1).Select(film => $"  for example {PrintableText.Of(film.Name)}: {PrintableText.Of(film.Captions[0])}"),
        ];
    }

    private static string Origin(FoundFilm[] found, int split) =>
        string.Join(" and ", found.Where(film => film.Listed.Split == split).Select(film => film.Listed.Origin!).Distinct()) is { Length: > 0 } origin ? origin : "nowhere";

    /// <summary>Films without those that a split names twice.</summary>
    private static ListedFilm[] Unrepeated(IReadOnlyList<ListedFilm> listed, RowProblems rows)
    {
        var seen = new HashSet<(string, int?)>();
        foreach (ListedFilm film in listed)
        {
            if (!seen.Add((film.Name, film.Split)))
            {
                rows.Add(film.Place, $"names {film.Name} a second time", "films that are named twice");
            }
        }

        return [.. listed.DistinctBy(film => (film.Name, film.Split))];
    }

    /// <summary>The films that can be used, with their files.</summary>
    private static FoundFilm[] Look(ListedFilm[] listed, DataSetFiles videos, int threads, RowProblems rows)
    {
        var places = new FilmFiles(videos);
        var withFile = new List<(ListedFilm Film, string Path)>();
        foreach (ListedFilm film in listed)
        {
            if (film.Captions.Count == 0)
            {
                rows.Add(film.Place, $"there is no caption of {film.Name}", "films without a caption");
            }
            else if (places.Find(film.Name) is { } path)
            {
                withFile.Add((film, Path.GetFullPath(path, Path.GetFullPath(videos.Path))));
            }
            else
            {
                rows.Add(film.Place, $"there is no film {film.Name} below {videos.Path}", "films that are not there");
            }
        }

        string[] paths = [.. withFile.Select(film => film.Path).Distinct(StringComparer.Ordinal)];
        var contents = new string[paths.Length];
        Threads.For(paths.Length, threads, i => contents[i] = FilmContents.Of(paths[i]));
        Dictionary<string, (string Content, FilmLook Look)> known = paths.Zip(contents.Zip(FilmLooks.At(paths, contents, threads))).ToDictionary(pair => pair.First, pair => pair.Second);
        var found = new List<FoundFilm>();
        foreach ((ListedFilm film, string path) in withFile)
        {
            (string content, FilmLook look) = known[path];
            if (look.Problem is { } problem)
            {
                rows.Add(film.Place, $"{Path.GetRelativePath(videos.Path, path)} {problem}", "films that cannot be read");
            }
            else
            {
                found.Add(new FoundFilm(film, new CaptionedFilm(film.Name, film.Captions, content, new VideoFile { Path = path, Rate = look.Rate, Frames = look.Frames })));
            }
        }

        return [.. found];
    }

    private sealed record FoundFilm(ListedFilm Listed, CaptionedFilm Film);
}
