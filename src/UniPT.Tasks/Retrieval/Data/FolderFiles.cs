using System.IO.Enumeration;

namespace UniPT.Tasks.Retrieval.Data;

/// <summary>Files below a folder. Links are followed to files, and to folders directly below the root.</summary>
internal sealed class FolderFiles(string path) : DataSetFiles(path)
{
    public override IReadOnlyDictionary<string, long> Sizes { get; } = FindFiles(path);

    protected override byte[] ReadFile(string name)
    {
        using FileStream file = File.OpenRead(System.IO.Path.Combine(Path, name));
        return ReadAll(file, Sizes[name]);
    }

    private static Dictionary<string, long> FindFiles(string path)
    {
        string root = System.IO.Path.GetFullPath(path);
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = false };
        var files = new FileSystemEnumerable<(string Name, long? Size)>(
            root,
            (ref FileSystemEntry entry) =>
            {
                string file = entry.ToFullPath();
                return (System.IO.Path.GetRelativePath(root, file).Replace('\\', '/'), FindSize(ref entry, file));
            },
            options)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory,

            // Deeper links to folders may form a cycle.
            ShouldRecursePredicate = (ref FileSystemEntry entry) =>
                !IsLink(ref entry) || entry.Directory.Length == entry.RootDirectory.Length,
        };
        return files.Where(file => file.Size is not null).ToDictionary(file => file.Name, file => file.Size!.Value);
    }

    /// <summary>The size of a file or of what a link leads to; null for a link that leads nowhere.</summary>
    private static long? FindSize(ref FileSystemEntry entry, string file)
    {
        if (!IsLink(ref entry))
        {
            return entry.Length;
        }

        return File.ResolveLinkTarget(file, returnFinalTarget: true) is FileInfo { Exists: true } target
            ? target.Length
            : null;
    }

    private static bool IsLink(ref FileSystemEntry entry) => entry.Attributes.HasFlag(FileAttributes.ReparsePoint);
}
