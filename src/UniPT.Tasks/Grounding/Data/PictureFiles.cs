using UniPT.Tasks.Shared.DataSets;

namespace UniPT.Tasks.Grounding.Data;

/// <summary>The pictures of a data set, by the names of their files, whatever folders they lie in.</summary>
internal sealed class PictureFiles
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".webp", ".bmp"];
    private readonly DataSetFiles _files;
    private readonly Dictionary<string, string> _paths = new(StringComparer.Ordinal);

    internal PictureFiles(DataSetFiles files)
    {
        _files = files;

        // Of several of one name that with the shortest path.
        foreach (string path in files.Sizes.Keys.Where(IsNamedSo).OrderBy(path => path.Length).ThenBy(path => path, StringComparer.Ordinal))
        {
            _paths.TryAdd(System.IO.Path.GetFileName(path), path);
        }
    }

    /// <summary>Where they are.</summary>
    internal string Path => _files.Path;

    /// <summary>How many.</summary>
    internal int Count => _paths.Count;

    /// <summary>The path of a picture; null where there is none of that name.</summary>
    internal string? Find(string name) => _paths.GetValueOrDefault(System.IO.Path.GetFileName(name));

    /// <summary>What keeps it from being read, or null.</summary>
    internal string? FindProblem(string path) => _files.FindProblem(path);

    /// <summary>Its bytes.</summary>
    internal byte[] Read(string path) => _files.Read(path);

    /// <summary>How many bytes it has.</summary>
    internal long Size(string path) => _files.Sizes[path];

    private static bool IsNamedSo(string path) => Extensions.Contains(System.IO.Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
}
