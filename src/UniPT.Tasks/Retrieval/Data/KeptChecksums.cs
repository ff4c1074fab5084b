using System.IO.Hashing;
using System.Text;
using UniPT.Tasks.Shared.DataSets;

namespace UniPT.Tasks.Retrieval.Data;

/// <summary>
/// The checksums of a large data set's pictures, kept in the user's cache: a picture whose size and time of change are what they were is not read again to know its
/// contents. So 123,000 pictures (20 GB) are read once and only listed afterwards. One that was changed in the last moments before it was read is not kept, since it may
/// change again within the resolution of the file system's clock.
/// </summary>
internal sealed class KeptChecksums
{
    /// <summary>Below this many pictures reading takes a moment, and nothing is kept.</summary>
    internal const int Least = 5_000;

    private const int Version = 1;
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(3);
    private readonly DataSetFiles _files;
    private readonly string _cache;
    private readonly long _opened = DateTime.UtcNow.Ticks;
    private readonly Dictionary<string, (long Size, long Changed, uint Checksum)> _known = new(StringComparer.Ordinal);

    private KeptChecksums(DataSetFiles files, string cache) => (_files, _cache) = (files, cache);

    /// <summary>What is kept of a data set; null where it is too small, or there is no cache.</summary>
    internal static KeptChecksums? Open(DataSetFiles files, int pictures, int least = Least)
    {
        if (pictures < least || UserCache.Folder is not { } folder)
        {
            return null;
        }

        string place = Convert.ToHexStringLower(XxHash128.Hash(Encoding.UTF8.GetBytes(Path.GetFullPath(files.Path))));
        var kept = new KeptChecksums(files, Path.Combine(folder, "checksums", $"{place}-{Version}.bin"));
        kept.Load();
        return kept;
    }

    /// <summary>The checksum of a picture that is as it was; null for any other.</summary>
    internal uint? Find(string picture) =>
        _known.TryGetValue(picture, out (long Size, long Changed, uint Checksum) known) && known.Size == _files.Sizes[picture] && known.Changed == _files.Changed(picture)
            ? known.Checksum
            : null;

    /// <summary>Keeps the checksums of pictures that were read now; where nothing can be kept they are read again the next time.</summary>
    internal void Save(IReadOnlyDictionary<string, Content> contents)
    {
        string[] settled = [.. contents.Keys.Where(picture => _files.Changed(picture) < _opened - Settled.Ticks)];
        if (settled.Length == _known.Count && settled.All(picture => Find(picture) is not null))
        {
            return;
        }

        try
        {
            AtomicFile.Write(_cache, stream =>
            {
                using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
                writer.Write(settled.Length);
                foreach (string picture in settled)
                {
                    writer.Write(picture);
                    writer.Write(_files.Sizes[picture]);
                    writer.Write(_files.Changed(picture));
                    writer.Write(contents[picture].Checksum);
                }
            });
        }
        catch (UserException)
        {
        }
    }

    private void Load()
    {
        try
        {
            if (!File.Exists(_cache))
            {
                return;
            }

            using var reader = new BinaryReader(new MemoryStream(File.ReadAllBytes(_cache)), Encoding.UTF8);
            int count = reader.ReadInt32();
            for (int i = 0; i < count; i++)
            {
                _known[reader.ReadString()] = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadUInt32());
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException)
        {
            _known.Clear(); // damaged: as if nothing had been kept
        }
    }
}
