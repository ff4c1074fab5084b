using System.Buffers.Binary;
using System.Text;

namespace UniPT.Torch.Tests.Formats.PyTorch;

/// <summary>Zip files of stored entries, small, and for tests with the fields of files above 4 GB.</summary>
internal static class ZipBytes
{
    public static void Write(string path, params (string Name, byte[] Content)[] entries) => File.WriteAllBytes(path, Of(false, entries));

    public static byte[] Of(bool wide, params (string Name, byte[] Content)[] entries)
    {
        using var file = new MemoryStream();
        using var directory = new MemoryStream();
        foreach ((string name, byte[] content) in entries)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(name);
            long local = file.Length;
            file.Write([.. "PK\x03\x04"u8, .. new byte[14], .. U32(content.Length), .. U32(content.Length), .. U16(bytes.Length), 0, 0, .. bytes, .. content]);
            byte[] extra = wide ? [1, 0, 24, 0, .. U64(content.Length), .. U64(content.Length), .. U64(local)] : [];
            byte[] sizes = wide ? [.. Enumerable.Repeat((byte)0xFF, 8)] : [.. U32(content.Length), .. U32(content.Length)];
            directory.Write(
            [
                .. "PK\x01\x02"u8, .. new byte[16], .. sizes, .. U16(bytes.Length), .. U16(extra.Length), .. new byte[10],
                .. wide ? [0xFF, 0xFF, 0xFF, 0xFF] : U32(local), .. bytes, .. extra,
            ]);
        }

        long start = file.Length;
        directory.WriteTo(file);
        long end = file.Length;
        if (wide)
        {
            file.Write([.. "PK\x06\x06"u8, .. U64(44), .. new byte[12], .. U64(entries.Length), .. U64(entries.Length), .. U64(end - start), .. U64(start)]);
            file.Write([.. "PK\x06\x07"u8, 0, 0, 0, 0, .. U64(end), 1, 0, 0, 0]);
        }

        byte[] count = wide ? [0xFF, 0xFF] : U16(entries.Length);
        file.Write([.. "PK\x05\x06"u8, 0, 0, 0, 0, .. count, .. count, .. wide ? [.. Enumerable.Repeat((byte)0xFF, 8)] : (byte[])[.. U32(end - start), .. U32(start)], 0, 0]);
        return file.ToArray();
    }

    private static byte[] U16(int value) => [(byte)value, (byte)(value >> 8)];

    private static byte[] U32(long value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)value);
        return bytes;
    }

    private static byte[] U64(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }
}
