using System.Buffers.Binary;

namespace UniPT.Torch.Native;

/// <summary>
/// Lets TorchSharp's native library load beside the C++ library of GCC 12 (Debian 12, RHEL 9). It asks for a newer version
/// of it for the sake of one symbol, an initializer that does nothing and that nothing in the library calls. Both the needed
/// version and the symbol are marked weak, which the system's loader understands as "may be missing".
/// </summary>
/// <remarks>The tables are those of the System V ABI and of the Linux Standard Base, chapter "Symbol Versioning".</remarks>
internal static class VersionNeeds
{
    private const string Symbol = "_ZSt21ios_base_library_initv";
    private const uint DynamicSymbols = 11;
    private const uint NeededVersions = 0x6ffffffe;
    private const uint SymbolVersions = 0x6fffffff;
    private const int SymbolSize = 24;
    private const byte WeakSymbol = 2 << 4;
    private const ushort WeakVersion = 2;
    private static readonly string[] Versions = ["GLIBCXX_3.4.31", "GLIBCXX_3.4.32"];

    /// <summary>Changes the library's bytes in place.</summary>
    /// <returns>Why it was left alone; null when it was changed.</returns>
    internal static string? Weaken(byte[] library)
    {
        try
        {
            var elf = new ElfReader(library);
            HashSet<int> versions = WeakenVersions(elf);
            WeakenSymbol(elf, versions);
            return null;
        }
        catch (Exception error) when (error is InvalidDataException or OverflowException)
        {
            return error is InvalidDataException ? error.Message : "its tables point nowhere";
        }
    }

    /// <summary>Marks the versions and returns the numbers under which symbols refer to them.</summary>
    private static HashSet<int> WeakenVersions(ElfReader elf)
    {
        ElfSection needs = elf.Single(NeededVersions, ".gnu.version_r");
        ElfSection names = elf.Linked(needs);
        var numbers = new HashSet<int>();
        ulong library = 0;
        for (uint l = 0; l < needs.Info; l++)
        {
            ReadOnlySpan<byte> entry = elf.Bytes(needs, library, 16);
            ulong version = library + BinaryPrimitives.ReadUInt32LittleEndian(entry[8..]);
            for (int v = BinaryPrimitives.ReadUInt16LittleEndian(entry[2..]); v > 0; v--)
            {
                Span<byte> need = elf.Bytes(needs, version, 16);
                if (Versions.Contains(elf.Text(names, BinaryPrimitives.ReadUInt32LittleEndian(need[8..]))))
                {
                    need[4] |= (byte)WeakVersion;
                    numbers.Add(BinaryPrimitives.ReadUInt16LittleEndian(need[6..]) & 0x7fff);
                }

                version += BinaryPrimitives.ReadUInt32LittleEndian(need[12..]);
            }

            library += BinaryPrimitives.ReadUInt32LittleEndian(entry[12..]);
        }

        return numbers.Count > 0 ? numbers : throw new InvalidDataException($"it needs none of {string.Join(", ", Versions)}");
    }

    private static void WeakenSymbol(ElfReader elf, HashSet<int> versions)
    {
        ElfSection symbols = elf.Single(DynamicSymbols, ".dynsym");
        ElfSection numbers = elf.Single(SymbolVersions, ".gnu.version");
        ElfSection names = elf.Linked(symbols);
        bool found = false;
        for (ulong i = 0; i < symbols.Size / SymbolSize; i++)
        {
            if (versions.Contains(BinaryPrimitives.ReadUInt16LittleEndian(elf.Bytes(numbers, i * 2, 2)) & 0x7fff))
            {
                Span<byte> symbol = elf.Bytes(symbols, i * SymbolSize, SymbolSize);
                string name = elf.Text(names, BinaryPrimitives.ReadUInt32LittleEndian(symbol));
                if (name != Symbol || BinaryPrimitives.ReadUInt16LittleEndian(symbol[6..]) != 0)
                {
                    // A function that is really called: the library would load and then fail in the middle of work.
                    throw new InvalidDataException($"it needs {name} of a newer C++ library");
                }

                symbol[4] = (byte)(WeakSymbol | (symbol[4] & 15));
                found = true;
            }
        }

        if (!found)
        {
            throw new InvalidDataException($"it does not import {Symbol}");
        }
    }
}
