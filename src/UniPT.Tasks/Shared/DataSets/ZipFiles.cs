using System.Collections.Concurrent;
using System.IO.Compression;
using System.IO.Hashing;

namespace UniPT.Tasks.Shared.DataSets;

/// <summary>Entries of a zip file. An archive serves one thread at a time, so there is one for each.</summary>
internal sealed class ZipFiles : DataSetFiles
{
    private readonly ConcurrentBag<ZipArchive> _idle = [];
    private readonly Dictionary<string, long> _sizes = [];
    private readonly long _changed;
    private readonly Dictionary<string, string> _entryNames = [];

    public ZipFiles(string path, DataSetProblems problems)
        : base(path)
    {
        ZipArchive archive = ZipFile.OpenRead(path);
        _idle.Add(archive);
        _changed = File.GetLastWriteTimeUtc(path).Ticks;
        try
        {
            foreach (ZipArchiveEntry entry in archive.Entries)
            {
                AddEntry(entry, problems);
            }
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    public override IReadOnlyDictionary<string, long> Sizes => _sizes;

    public override long Changed(string name) => _changed;

    public override void Dispose()
    {
        while (_idle.TryTake(out ZipArchive? archive))
        {
            archive.Dispose();
        }
    }

    protected override byte[] ReadFile(string name) => With(name, entry =>
    {
        using Stream stream = entry.Open();
        byte[] bytes = ReadAll(stream, Sizes[name]);
        return Crc32.HashToUInt32(bytes) == entry.Crc32
            ? bytes
            : throw new InvalidDataException("its bytes do not agree with its checksum; the zip file is damaged.");
    });

    protected override string? FindStorageProblem(string name)
    {
        try
        {
            return With(name, entry =>
            {
                if (entry.IsEncrypted)
                {
                    return "is encrypted";
                }

                entry.Open().Dispose();
                return null;
            });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return error.Message; // the compression method is unsupported, the entry lies outside the file, or the file is gone
        }
    }

    private void AddEntry(ZipArchiveEntry entry, DataSetProblems problems)
    {
        string name = entry.FullName.Replace('\\', '/');
        if (name.EndsWith('/') || name.Split('/').Any(part => part.StartsWith('.') || part == "__MACOSX"))
        {
            return;
        }

        if (!_sizes.TryAdd(name, entry.Length))
        {
            problems.Add(name, "occurs twice in the zip");
        }

        _entryNames[name] = entry.FullName;
    }

    /// <summary>Works on an entry of an archive that no other thread has meanwhile.</summary>
    private T With<T>(string name, Func<ZipArchiveEntry, T> work)
    {
        ZipArchive archive = _idle.TryTake(out ZipArchive? idle) ? idle : ZipFile.OpenRead(Path);
        try
        {
            return work(archive.GetEntry(_entryNames[name]) ?? throw new InvalidDataException("the zip file has changed."));
        }
        finally
        {
            _idle.Add(archive);
        }
    }
}
