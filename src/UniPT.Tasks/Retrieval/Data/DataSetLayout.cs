namespace UniPT.Tasks.Retrieval.Data;

/// <summary>Where the splits of a data set lie. Folders end with a slash; the root is the empty string.</summary>
internal static class DataSetLayout
{
    private static readonly string[][] SplitNames =
        [["train", "training"], ["val", "validation", "valid", "dev"], ["test", "testing"]];

    /// <summary>The folder that holds everything, as zipping a folder gives it, or the root.</summary>
    public static string FindRoot(DataSetFiles files)
    {
        string[] tops = [.. files.Sizes.Keys.Select(FirstFolder).Distinct().Take(2)];
        return tops.Length == 1 && !SplitNames.Any(names => IsOneOf(names, tops[0])) ? tops[0] : "";
    }

    /// <summary>The folders of train, val and test, null for a missing one; null when none of them is there.</summary>
    public static string?[]? FindSplits(DataSetFiles files, string root, DataSetProblems problems)
    {
        string[] folders =
        [
            .. files.Sizes.Keys.Where(name => name.StartsWith(root, StringComparison.Ordinal))
                .Select(name => FirstFolder(name[root.Length..])).Distinct().Order(StringComparer.Ordinal),
        ];
        string?[] splits = [.. SplitNames.Select(FindSplit)];
        return splits.All(split => split is null) ? null : splits;

        string? FindSplit(string[] names)
        {
            string[] found = [.. folders.Where(folder => IsOneOf(names, folder))];
            if (found.Length > 1)
            {
                problems.Add(root + found[1], $"is the same split as {root}{found[0]}; keep one of them");
            }

            return found.Length == 0 ? null : root + found[0];
        }
    }

    private static string FirstFolder(string name) => name[..(name.IndexOf('/') + 1)];

    private static bool IsOneOf(string[] names, string folder) =>
        names.Contains(folder.TrimEnd('/'), StringComparer.OrdinalIgnoreCase);
}
