namespace UniPT.Tasks.Shared.DataSets;

/// <summary>Files below a folder. Links are followed, but not back to a folder that holds them.</summary>
internal sealed class FolderFiles : DataSetFiles
{
    private const int MaxLinks = 8;

    private readonly Dictionary<string, long> _sizes = [];
    private readonly Dictionary<string, long> _changed = [];

    public FolderFiles(string path)
        : base(path) => Walk(new DirectoryInfo(System.IO.Path.GetFullPath(path)), "", [], 0);

    public override IReadOnlyDictionary<string, long> Sizes => _sizes;

    public override long Changed(string name) => _changed[name];

    protected override byte[] ReadFile(string name)
    {
        using FileStream file = File.OpenRead(System.IO.Path.Combine(Path, name));
        return ReadAll(file, Sizes[name]);
    }

    /// <param name="folder">What is listed.</param>
    /// <param name="prefix">Its path below the root.</param>
    /// <param name="around">The real places of this folder's parents.</param>
    /// <param name="links">How many links led here.</param>
    private void Walk(DirectoryInfo folder, string prefix, IEnumerable<string> around, int links)
    {
        string place = Real(folder);
        string[] holders = [.. around, place];
        foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos("*", new EnumerationOptions { IgnoreInaccessible = false }))
        {
            string name = prefix + entry.Name;
            bool isLink = entry.LinkTarget is not null;
            if (entry is DirectoryInfo inner && (!isLink || Directory.Exists(inner.FullName)))
            {
                string target = isLink ? Real(inner) : "";
                if (isLink && (links == MaxLinks || holders.Any(holder => $"{holder}/".StartsWith($"{target}/", StringComparison.Ordinal))))
                {
                    AddOddLink(name, $"is a link back to {target}, which holds it; it is not followed");
                }
                else
                {
                    Walk(inner, $"{name}/", holders, isLink ? links + 1 : links);
                }
            }
            else if (!isLink)
            {
                Add(name, (FileInfo)entry);
            }
            else if (FindTarget(entry) is { } file)
            {
                Add(name, file);
            }
            else
            {
                AddOddLink(name, $"is a link that leads nowhere (to {entry.LinkTarget})");
            }
        }
    }

    private void Add(string name, FileInfo file) => (_sizes[name], _changed[name]) = (file.Length, file.LastWriteTimeUtc.Ticks);

    private static string Real(DirectoryInfo folder) =>
        System.IO.Path.TrimEndingDirectorySeparator((folder.ResolveLinkTarget(returnFinalTarget: true) ?? folder).FullName).Replace('\\', '/');

    private static FileInfo? FindTarget(FileSystemInfo link)
    {
        try
        {
            return link.ResolveLinkTarget(returnFinalTarget: true) is { } target && new FileInfo(target.FullName) is { Exists: true } file ? file : null;
        }
        catch (IOException)
        {
            return null; // links in a circle
        }
    }
}
