namespace UniPT.Tasks.Shared.DataSets;

/// <summary>The folders whose names mark them as splits, wherever they lie. Folders end with a slash; the root is the empty string.</summary>
internal sealed class DataSetLayout
{
    private readonly Dictionary<string, int> _splitOf = [];

    /// <param name="files">The paths of pictures and captions; folders without any are not looked at.</param>
    /// <param name="problems">Gets what is marked in more than one way.</param>
    public DataSetLayout(IEnumerable<string> files, DataSetProblems problems)
    {
        // A folder around folders of other splits is their wrapping; one inside a folder of its own split belongs to that.
        Dictionary<string, SplitName> named = Named(files);
        Dictionary<string, SplitName> marks = named
            .Where(pair => !named.Any(other => IsBelow(other.Key, pair.Key) && other.Value.Split != pair.Value.Split)).ToDictionary();
        foreach ((string folder, SplitName name) in marks.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (marks.Keys.Any(other => IsBelow(folder, other)))
            {
                continue;
            }

            if (name.Split is not { } split)
            {
                problems.Add(folder, "is named as two splits at once; name it train, val or test");
            }
            else
            {
                if (_splitOf.FirstOrDefault(other => other.Value == split && Parent(other.Key) == Parent(folder)).Key is { } same)
                {
                    problems.Add(folder, $"is the same split as {same}; keep one of them");
                }

                _splitOf[folder] = split;
            }
        }
    }

    /// <summary>Whether any folder marks a split.</summary>
    public bool HasSplits => _splitOf.Count > 0;

    /// <summary>The split that a file's place gives it, with the folder that does; null outside of them.</summary>
    public (int Split, string Folder)? Find(string file)
    {
        foreach (string folder in Ancestors(file))
        {
            if (_splitOf.TryGetValue(folder, out int split))
            {
                return (split, folder);
            }
        }

        return null;
    }

    /// <summary>The deepest folder that holds all files.</summary>
    public static string CommonFolder(IEnumerable<string> files)
    {
        string? common = null;
        foreach (string file in files)
        {
            common ??= Parent(file);
            while (!file.StartsWith(common, StringComparison.Ordinal))
            {
                common = Parent(common);
            }
        }

        return common ?? "";
    }

    /// <summary>The folder around a file or folder.</summary>
    public static string Parent(string path) => path[..(path.TrimEnd('/').LastIndexOf('/') + 1)];

    /// <summary>Marked folders: by nothing but a split's name, or by one beside a folder of another split, as <c>coco_train</c> and <c>coco_val</c>.</summary>
    private static Dictionary<string, SplitName> Named(IEnumerable<string> files)
    {
        var names = new Dictionary<string, SplitName>();
        foreach (string folder in files.SelectMany(Ancestors).Distinct())
        {
            if (SplitName.Parse(folder[Parent(folder).Length..].TrimEnd('/')) is { } name)
            {
                names[folder] = name;
            }
        }

        return names
            .Where(pair => pair.Value.IsPlain
                || names.Any(other => Parent(other.Key) == Parent(pair.Key) && other.Value.Split != pair.Value.Split))
            .ToDictionary();
    }

    private static IEnumerable<string> Ancestors(string file)
    {
        for (string folder = Parent(file); folder.Length > 0; folder = Parent(folder))
        {
            yield return folder;
        }
    }

    private static bool IsBelow(string path, string folder) =>
        path.Length > folder.Length && path.StartsWith(folder, StringComparison.Ordinal);
}
