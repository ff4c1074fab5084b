using UniPT.Tasks.Shared.DataSets;

namespace UniPT.Tasks.Retrieval.Data;

/// <summary>Where the pictures lie that the files of a published data set name: as they are named, or below a folder such as <c>flickr30k-images</c>.</summary>
/// <param name="Files">The folder or zip.</param>
/// <param name="Prefix">What stands before the names, with a slash at its end or nothing.</param>
internal sealed record PictureFolder(DataSetFiles Files, string Prefix)
{
    /// <summary>Names that are looked for; the others lie where most of these do.</summary>
    private const int Tried = 100;

    /// <summary>Finds it; null, with a problem, where none of the pictures is there.</summary>
    /// <param name="files">The data set.</param>
    /// <param name="elsewhere">Where else they may be; null for nowhere.</param>
    /// <param name="names">Names of pictures.</param>
    /// <param name="place">The file that names them.</param>
    /// <param name="problems">Gets the problem.</param>
    internal static PictureFolder? Find(DataSetFiles files, DataSetFiles? elsewhere, IEnumerable<string> names, string place, DataSetProblems problems)
    {
        string[] tried = [.. names.Take(Tried).Select(Slashed)];
        if ((In(files, tried) ?? (elsewhere is null ? null : In(elsewhere, tried))) is { } found)
        {
            return found;
        }

        if (tried.Length > 0)
        {
            problems.Add(place, $"names pictures such as {tried[0]}, none of which is in {(elsewhere ?? files).Path}; their folder may be named by data.images");
        }

        return null;
    }

    /// <summary>The file of a name.</summary>
    internal string PathOf(string name) => Prefix + Slashed(name);

    private static PictureFolder? In(DataSetFiles files, string[] names)
    {
        ILookup<string, string> byName = names.ToLookup(LastOf);
        string? prefix = files.Sizes.Keys
            .SelectMany(path => byName[LastOf(path)].Where(name => path.EndsWith(name, StringComparison.Ordinal)).Select(name => path[..^name.Length]))
            .Where(prefix => prefix.Length == 0 || prefix.EndsWith('/'))
            .GroupBy(prefix => prefix)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key.Length).ThenBy(group => group.Key, StringComparer.Ordinal)
            .FirstOrDefault()?.Key;
        return prefix is null ? null : new PictureFolder(files, prefix);
    }

    private static string Slashed(string name) => name.Replace('\\', '/');

    private static string LastOf(string path) => path[(path.LastIndexOf('/') + 1)..];
}
