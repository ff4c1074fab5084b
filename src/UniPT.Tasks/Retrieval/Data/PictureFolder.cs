using UniPT.Tasks.Shared.DataSets;

namespace UniPT.Tasks.Retrieval.Data;

/// <summary>Finds where the pictures lie that the files of a published data set name: as they are named, or below a folder such as <c>flickr30k-images</c>.</summary>
internal static class PictureFolder
{
    /// <summary>Names that are looked for; the others lie where most of these do.</summary>
    private const int Tried = 100;

    /// <summary>What stands before the names, with a slash at its end or nothing.</summary>
    /// <param name="files">What there is.</param>
    /// <param name="names">Names of pictures with forward slashes.</param>
    internal static string Find(DataSetFiles files, IEnumerable<string> names)
    {
        string[] tried = [.. names.Take(Tried)];
        ILookup<string, string> byName = tried.ToLookup(LastOf);
        return files.Sizes.Keys
            .SelectMany(path => byName[LastOf(path)].Where(name => path.EndsWith(name, StringComparison.Ordinal)).Select(name => path[..^name.Length]))
            .Where(prefix => prefix.Length == 0 || prefix.EndsWith('/'))
            .GroupBy(prefix => prefix)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key.Length).ThenBy(group => group.Key, StringComparer.Ordinal)
            .FirstOrDefault()?.Key ?? "";
    }

    private static string LastOf(string path) => path[(path.LastIndexOf('/') + 1)..];
}
