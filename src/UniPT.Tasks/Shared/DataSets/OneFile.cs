namespace UniPT.Tasks.Shared.DataSets;

/// <summary>A data set that is a single file.</summary>
internal sealed class OneFile(string path) : DataSetFiles(path)
{
    public override IReadOnlyDictionary<string, long> Sizes { get; } = new Dictionary<string, long>
    {
        [System.IO.Path.GetFileName(path)] = new FileInfo(path).Length,
    };

    public override long Changed(string name) => File.GetLastWriteTimeUtc(Path).Ticks;

    protected override byte[] ReadFile(string name)
    {
        using FileStream file = File.OpenRead(Path);
        return ReadAll(file, Sizes[name]);
    }
}
