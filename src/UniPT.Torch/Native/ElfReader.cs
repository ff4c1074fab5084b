using System.Buffers.Binary;
using System.Text;

namespace UniPT.Torch.Native;

/// <summary>Sections of a 64-bit little-endian ELF file; whatever points outside the file is an <see cref="InvalidDataException"/>.</summary>
internal sealed class ElfReader
{
    private const int HeaderSize = 64;
    private const int SectionSize = 64;
    private readonly byte[] _file;
    private readonly ElfSection[] _sections;

    // The fifth and sixth byte: 64 bits, little-endian.
    private static ReadOnlySpan<byte> Magic => [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1];

    internal ElfReader(byte[] file)
    {
        _file = file;
        ReadOnlySpan<byte> header = Bytes(0, HeaderSize);
        if (!header.StartsWith(Magic))
        {
            throw new InvalidDataException("it is no 64-bit little-endian ELF file");
        }

        ulong table = UInt64(40);
        if (UInt16(58) != SectionSize)
        {
            throw new InvalidDataException("its section headers have an unknown size");
        }

        _sections = [.. Enumerable.Range(0, UInt16(60)).Select(i => Section(checked(table + ((ulong)i * SectionSize))))];
    }

    /// <summary>Whether a file begins as such a library and ends before its section headers, which stand last.</summary>
    internal static bool IsCut(string path)
    {
        byte[] header = new byte[HeaderSize];
        using FileStream stream = File.OpenRead(path);
        if (stream.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false) < HeaderSize || !header.AsSpan().StartsWith(Magic))
        {
            return false;
        }

        ulong table = BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(40));
        ulong count = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(60));
        return table > long.MaxValue || stream.Length < (long)table + (long)(count * SectionSize);
    }

    internal ElfSection Single(uint type, string name)
    {
        ElfSection[] found = [.. _sections.Where(section => section.Type == type)];
        return found.Length == 1 ? found[0] : throw new InvalidDataException($"it has {found.Length} sections {name}, not one");
    }

    internal ElfSection Linked(ElfSection section) =>
        section.Link < _sections.Length ? _sections[section.Link] : throw new InvalidDataException("a section names another that is not there");

    /// <summary>Part of a section.</summary>
    internal Span<byte> Bytes(ElfSection section, ulong offset, ulong count) =>
        offset <= section.Size && count <= section.Size - offset
            ? Bytes(checked(section.Offset + offset), count)
            : throw new InvalidDataException("an entry reaches beyond its section");

    /// <summary>A zero-terminated text of a string table.</summary>
    internal string Text(ElfSection table, uint offset)
    {
        Span<byte> rest = Bytes(table, offset, offset <= table.Size ? table.Size - offset : 0);
        int end = rest.IndexOf((byte)0);
        return end >= 0 ? Encoding.Latin1.GetString(rest[..end]) : throw new InvalidDataException("a name has no end");
    }

    private Span<byte> Bytes(ulong offset, ulong count) =>
        offset <= (ulong)_file.Length && count <= (ulong)_file.Length - offset
            ? _file.AsSpan((int)offset, (int)count)
            : throw new InvalidDataException("it ends too early");

    private ElfSection Section(ulong offset)
    {
        ReadOnlySpan<byte> entry = Bytes(offset, SectionSize);
        return new ElfSection(
            BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]),
            BinaryPrimitives.ReadUInt64LittleEndian(entry[24..]),
            BinaryPrimitives.ReadUInt64LittleEndian(entry[32..]),
            BinaryPrimitives.ReadUInt32LittleEndian(entry[40..]),
            BinaryPrimitives.ReadUInt32LittleEndian(entry[44..]));
    }

    private ushort UInt16(ulong offset) => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(offset, 2));

    private ulong UInt64(ulong offset) => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(offset, 8));
}

/// <summary>What a section header says.</summary>
/// <param name="Type">What the section holds.</param>
/// <param name="Offset">Bytes from the start of the file.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Link">The section that its names stand in.</param>
/// <param name="Info">For version needs: the number of libraries.</param>
internal readonly record struct ElfSection(uint Type, ulong Offset, ulong Size, uint Link, uint Info);
