using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace UniPT.Torch;

/// <summary>Where an entry's bytes stand in a zip file.</summary>
/// <param name="Offset">Bytes from the start of the file.</param>
/// <param name="Stored">How many they are there.</param>
/// <param name="Length">How many they are unpacked; the same where they are stored as they are.</param>
/// <param name="Deflated">Whether they are compressed.</param>
internal readonly record struct ZipEntry(long Offset, long Stored, long Length, bool Deflated);

/// <summary>
/// The directory at the end of a zip file (PKWARE's APPNOTE.TXT, with its 64-bit fields). .NET's own reader does not tell where an entry's bytes
/// are, which is what a tensor over the file's memory needs.
/// </summary>
internal sealed class ZipDirectory
{
    private const int EndBytes = 22;
    private const int Locator64Bytes = 20;
    private const int End64Bytes = 56;
    private const int HeaderBytes = 46;
    private const int LocalBytes = 30;
    private const int LongestComment = ushort.MaxValue;
    private const int MaxDirectoryBytes = 100_000_000;
    private readonly string _path;
    private readonly FileMap _map;

    private ZipDirectory(string path, FileMap map) => (_path, _map) = (path, map);

    /// <summary>The entries by name.</summary>
    internal Dictionary<string, ZipEntry> Entries { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads the directory; every place in it is checked against the file.</summary>
    /// <exception cref="UserException">The file is cut off or broken.</exception>
    internal static ZipDirectory Read(string path, FileMap map)
    {
        var directory = new ZipDirectory(path, map);
        (long offset, long bytes, long count) = directory.FindEnd();
        ReadOnlySpan<byte> headers = map.Bytes(offset, (int)bytes);
        for (long i = 0; i < count; i++)
        {
            headers = headers[directory.ReadHeader(headers)..];
        }

        return directory;
    }

    /// <summary>The whole of a small entry, unpacked.</summary>
    /// <exception cref="UserException">It is too long, or does not unpack to the length that the directory gives.</exception>
    internal byte[] Bytes(string name, int longest)
    {
        ZipEntry entry = Entries[name];
        Expect(entry.Length <= longest && entry.Stored <= longest, $"its entry {PrintableText.Of(name)} has {entry.Length} bytes; {longest} are the most that is read");
        byte[] stored = _map.Bytes(entry.Offset, (int)entry.Stored).ToArray();
        if (!entry.Deflated)
        {
            return stored;
        }

        var unpacked = new byte[entry.Length];
        try
        {
            using var stream = new DeflateStream(new MemoryStream(stored), CompressionMode.Decompress);
            stream.ReadExactly(unpacked);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            throw Broken($"its entry {PrintableText.Of(name)} does not unpack");
        }

        return unpacked;
    }

    private (long Offset, long Bytes, long Count) FindEnd()
    {
        int tail = (int)Math.Min(_map.Length, EndBytes + LongestComment);
        int at = _map.Bytes(_map.Length - tail, tail).LastIndexOf("PK\x05\x06"u8);
        Expect(at >= 0 && tail - at >= EndBytes, "the directory at its end is missing, as in a file that is cut off");
        long end = _map.Length - tail + at;
        ReadOnlySpan<byte> record = _map.Bytes(end, EndBytes);
        (long count, long bytes, long offset) = (U16(record, 10), U32(record, 12), U32(record, 16));
        if (end >= Locator64Bytes && _map.Bytes(end - Locator64Bytes, Locator64Bytes) is var locator && locator.StartsWith("PK\x06\x07"u8))
        {
            long end64 = U64(locator, 8);
            Expect(end64 >= 0 && end64 <= end - Locator64Bytes - End64Bytes, "its 64-bit directory lies outside the file");
            record = _map.Bytes(end64, End64Bytes);
            Expect(record.StartsWith("PK\x06\x06"u8), "its 64-bit directory is not where it should be");
            (count, bytes, offset) = (U64(record, 32), U64(record, 40), U64(record, 48));
        }

        Expect(offset >= 0 && bytes is >= 0 and <= MaxDirectoryBytes && offset <= end - bytes, "its directory lies outside the file");
        Expect(count >= 0 && count <= bytes / HeaderBytes, "its directory is shorter than the number of entries in it");
        return (offset, bytes, count);
    }

    /// <returns>How many bytes the header has.</returns>
    private int ReadHeader(ReadOnlySpan<byte> header)
    {
        Expect(header.Length >= HeaderBytes && header.StartsWith("PK\x01\x02"u8), "its directory ends within an entry");
        int nameBytes = U16(header, 28);
        int extraBytes = U16(header, 30);
        int total = HeaderBytes + nameBytes + extraBytes + U16(header, 32);
        Expect(header.Length >= total, "its directory ends within an entry");
        string name = Encoding.UTF8.GetString(header.Slice(HeaderBytes, nameBytes));
        (int flags, int method) = (U16(header, 8), U16(header, 10));
        Expect((flags & 1) == 0, $"its entry {PrintableText.Of(name)} is encrypted");
        Expect(method is 0 or 8, $"its entry {PrintableText.Of(name)} is compressed by the method {method}, which is not known");
        (long stored, long length, long local) = Sizes64(name, header, header.Slice(HeaderBytes + nameBytes, extraBytes));
        long data = DataStart(name, local);
        Expect(stored >= 0 && length >= 0 && stored <= _map.Length - data, $"its entry {PrintableText.Of(name)} lies outside the file");
        Expect(method == 8 || stored == length, $"its entry {PrintableText.Of(name)} has two lengths");
        Expect(Entries.TryAdd(name, new ZipEntry(data, stored, length, method == 8)), $"it has the entry {PrintableText.Of(name)} twice");
        return total;
    }

    /// <summary>Sizes that need more than 32 bits stand in an extra field, in this order and only those.</summary>
    private (long Stored, long Length, long Local) Sizes64(string name, ReadOnlySpan<byte> header, ReadOnlySpan<byte> extra)
    {
        long[] sizes = [U32(header, 24), U32(header, 20), U32(header, 42)];
        if (!sizes.Contains(uint.MaxValue))
        {
            return (sizes[1], sizes[0], sizes[2]);
        }

        while (extra.Length >= 4 && U16(extra, 0) != 1)
        {
            extra = extra[Math.Min(extra.Length, 4 + U16(extra, 2))..];
        }

        Expect(extra.Length >= 4 && extra.Length - 4 >= U16(extra, 2), $"its entry {PrintableText.Of(name)} lacks its 64-bit lengths");
        ReadOnlySpan<byte> field = extra.Slice(4, U16(extra, 2));
        for (int i = 0; i < sizes.Length; i++)
        {
            if (sizes[i] == uint.MaxValue)
            {
                Expect(field.Length >= 8, $"its entry {PrintableText.Of(name)} lacks its 64-bit lengths");
                sizes[i] = U64(field, 0);
                field = field[8..];
            }
        }

        return (sizes[1], sizes[0], sizes[2]);
    }

    /// <summary>The local header before the bytes has lengths of its own: PyTorch pads it so that the bytes are aligned.</summary>
    private long DataStart(string name, long local)
    {
        Expect(local >= 0 && local <= _map.Length - LocalBytes, $"its entry {PrintableText.Of(name)} lies outside the file");
        ReadOnlySpan<byte> header = _map.Bytes(local, LocalBytes);
        Expect(header.StartsWith("PK\x03\x04"u8), $"its entry {PrintableText.Of(name)} is not where its directory says");
        long data = local + LocalBytes + U16(header, 26) + U16(header, 28);
        Expect(data <= _map.Length, $"its entry {PrintableText.Of(name)} lies outside the file");
        return data;
    }

    private static int U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static long U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static long U64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);

    private void Expect(bool holds, string problem)
    {
        if (!holds)
        {
            throw Broken(problem);
        }
    }

    private UserException Broken(string problem) => new($"{_path} is not a whole zip file, which a checkpoint of PyTorch is: {problem}.");
}
