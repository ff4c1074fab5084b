using UniPT.Tasks.Shared.DataSets;

namespace UniPT.Tasks.VideoRetrieval.Data;

/// <summary>The films below a folder, by their names without ending: files that ffmpeg reads, and folders of pictures.</summary>
internal sealed class FilmFiles
{
    private const string Compressed = "Compress_Videos/";
    private static readonly string[] Endings = [".mp4", ".webm", ".avi", ".mkv", ".mov", ".m4v", ".mpg", ".mpeg", ".flv", ".wmv", ".3gp", ".ogv", ".ts"];
    private static readonly string[] Pictures = [".png", ".jpg", ".jpeg", ".webp", ".bmp"];
    private readonly Dictionary<string, string> _byStem = new(StringComparer.Ordinal);
    private readonly HashSet<string> _all = new(StringComparer.Ordinal);

    internal FilmFiles(DataSetFiles files)
    {
        string[] folders = [.. files.Sizes.Keys.Where(path => IsOf(path, Pictures)).Select(DataSetLayout.Parent).Where(folder => folder.Length > 0).Distinct().Select(folder => folder.TrimEnd('/'))];
        foreach (string path in files.Sizes.Keys.Where(IsFilm).OrderBy(Order).ThenBy(path => path, StringComparer.Ordinal).Concat(folders.Order(StringComparer.Ordinal)))
        {
            _all.Add(path);
            _byStem.TryAdd(IsFilm(path) ? Path.GetFileNameWithoutExtension(path) : Path.GetFileName(path), path);
        }
    }

    /// <summary>Whether a file has the name of a film.</summary>
    internal static bool IsFilm(string path) => IsOf(path, Endings);

    /// <summary>The file or folder of a film, by its path or by its name without ending; null where there is none.</summary>
    internal string? Find(string name) => _all.Contains(name) ? name : _byStem.GetValueOrDefault(name);

    // The published code reads the compressed films, as MP4 before others.
    private static int Order(string path) =>
        ($"/{path}".Contains($"/{Compressed}", StringComparison.Ordinal) ? 0 : Endings.Length) + Array.IndexOf(Endings, Path.GetExtension(path).ToLowerInvariant());

    private static bool IsOf(string path, string[] endings) => endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
}
