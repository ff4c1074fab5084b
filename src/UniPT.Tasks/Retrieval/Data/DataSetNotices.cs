using System.Globalization;
using UniPT.Tasks.Shared.DataSets;

namespace UniPT.Tasks.Retrieval.Data;

/// <summary>Says what is not wrong with a data set but good to know.</summary>
internal static class DataSetNotices
{
    private const int MaxNamed = 3;

    /// <summary>Of the captions of a split, from which share on it is said that they belong to several pictures.</summary>
    private const double ManyShared = 0.1;

    internal static IReadOnlyList<string> Of(
        DataSetFiles files, FoundPictures found, ImageCaptionSplit[] splits, Dictionary<string, Content> contents, IReadOnlyList<BadPicture> bad)
    {
        var notices = new List<string>();
        string set = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(files.Path)));
        if (bad.Count > 0)
        {
            Say($"{Count(bad.Count, "picture")} of {set} cannot be used and {(bad.Count == 1 ? "is" : "are")} left out: {Some([.. bad.Select(picture => picture.Path)])}.");
        }

        if (found.Outside.Count > 0)
        {
            Say($"{Count(found.Outside.Count, "picture")} of {set} {(found.Outside.Count == 1 ? "lies" : "lie")} outside of its splits and {(found.Outside.Count == 1 ? "is" : "are")} not used: {Some(found.Outside)}.");
        }

        if (files.OddLinks.Count > 0)
        {
            (string link, string problem) = files.OddLinks.OrderBy(pair => pair.Key, StringComparer.Ordinal).First();
            Say($"{link} of {set} {problem}{(files.OddLinks.Count == 1 ? "" : $"; so it is with {files.OddLinks.Count - 1} more")}.");
        }

        if (splits[1].IsHeldOut)
        {
            Say($"{set} has no pictures for val; {splits[1].Images.Count} of train are held out for it, always the same.");
        }

        if (splits[2].Images.Count == 0)
        {
            Say($"{set} has no pictures for test; figures are those of val, by which the best epoch is chosen, and so are too high.");
        }

        foreach (string sentence in found.Notices.Concat(Repeated(set, splits, contents)).Concat(splits.Select((split, i) => Shared(set, SplitName.Splits[i], split)).OfType<string>()))
        {
            Say(sentence);
        }

        return notices;

        void Say(string sentence) => notices.Add(PrintableText.Of(sentence));
    }

    /// <summary>Pictures that an earlier split has as well, by their contents.</summary>
    private static IEnumerable<string> Repeated(string set, ImageCaptionSplit[] splits, Dictionary<string, Content> contents)
    {
        var first = new Dictionary<Content, (int Split, string Path)>();
        var repeated = new List<(string Path, string Before)>();
        for (int i = 0; i < splits.Length; i++)
        {
            foreach (string path in splits[i].Images.Select(splits[i].PathOf))
            {
                if (first.TryAdd(contents[path], (i, path)))
                {
                    continue;
                }

                (int split, string before) = first[contents[path]];
                if (split != i)
                {
                    repeated.Add((path, before));
                }
            }
        }

        if (repeated.Count > 0)
        {
            yield return $"{Count(repeated.Count, "picture")} of {set} {(repeated.Count == 1 ? "is" : "are")} in another split too, such as "
                + $"{repeated[0].Path}{(repeated[0].Path == repeated[0].Before ? "" : $", which is {repeated[0].Before} as well")}; figures of pictures that were trained on are too high.";
        }
    }

    /// <summary>Captions that are said of several pictures, where there are many: nothing can tell these pictures apart.</summary>
    private static string? Shared(string set, string name, ImageCaptionSplit split)
    {
        var owners = new Dictionary<string, int>();
        foreach (string caption in split.Images.SelectMany(image => image.Captions.Distinct()))
        {
            owners[caption] = owners.GetValueOrDefault(caption) + 1;
        }

        int all = owners.Values.Sum();
        int shared = owners.Values.Where(count => count > 1).Sum();
        if (split.Images.Count < 2 || shared <= ManyShared * all)
        {
            return null;
        }

        string limit = name == "train" ? "" : string.Create(CultureInfo.InvariantCulture, $"; recall at 1 from text to image cannot exceed {100.0 * owners.Count / all:f1} %");
        return $"{shared} of the {all} captions in {name} of {set} are said of more than one picture (there are {owners.Count} different ones){limit}.";
    }

    private static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";

    private static string Some(IReadOnlyList<string> paths) =>
        string.Join(", ", paths.Take(MaxNamed)) + (paths.Count > MaxNamed ? ", …" : "");
}
