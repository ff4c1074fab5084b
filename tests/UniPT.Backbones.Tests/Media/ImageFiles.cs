using System.Buffers.Binary;
using System.IO.Compression;
using SkiaSharp;

namespace UniPT.Backbones.Tests.Media;

/// <summary>Picture files made as a test needs them.</summary>
internal static class ImageFiles
{
    /// <summary>A picture whose pixels are what <paramref name="colour"/> gives for (x, y).</summary>
    internal static byte[] Encode(SKEncodedImageFormat format, int width, int height, Func<int, int, SKColor> colour, int quality = 95)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                bitmap.SetPixel(x, y, colour(x, y));
            }
        }

        return Encode(bitmap, format, quality);
    }

    /// <summary>A large picture of one colour.</summary>
    internal static byte[] Plain(SKEncodedImageFormat format, int width, int height)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        bitmap.Erase(new SKColor(200, 100, 50));
        return Encode(bitmap, format, 95);
    }

    /// <summary>A picture file whose header claims another size.</summary>
    internal static byte[] OfSize(byte[] file, ushort width, ushort height)
    {
        byte[] bytes = [.. file];
        switch (bytes[0])
        {
            case 0x89:
                BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), width);
                BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(20), height);
                BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(29), Crc32(bytes.AsSpan(12, 17)));
                break;
            case 0xFF:
                int frame = Math.Max(bytes.AsSpan().IndexOf<byte>([0xFF, 0xC0]), bytes.AsSpan().IndexOf<byte>([0xFF, 0xC2]));
                BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(frame + 5), height);
                BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(frame + 7), width);
                break;
            case (byte)'G':
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(6), width);
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), height);
                break;
            case (byte)'R':
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(26), width);
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(28), height);
                break;
            default:
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(18), width);
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(22), height);
                break;
        }

        return bytes;
    }

    /// <summary>A JPEG with EXIF's orientation.</summary>
    internal static byte[] JpegTurned(byte[] jpeg, int orientation) => JpegWith(jpeg, 0xE1, [.. "Exif\0\0"u8, .. Exif(orientation)]);

    /// <summary>A PNG with EXIF's orientation.</summary>
    internal static byte[] PngTurned(byte[] png, int orientation) => PngWith(png, "eXIf", Exif(orientation));

    /// <summary>A PNG with one more chunk after its header.</summary>
    internal static byte[] PngWith(byte[] png, string type, byte[] data) => [.. png[..33], .. PngChunk(type, data), .. png[33..]];

    /// <summary>A PNG of one channel of so many bits a pixel, given as they are stored.</summary>
    internal static byte[] GreyPng(int width, int height, int depth, byte[] rows, params byte[] transparent)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = (byte)depth;
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            foreach (byte[] row in rows.Chunk(rows.Length / height))
            {
                zlib.WriteByte(0);
                zlib.Write(row);
            }
        }

        byte[] key = transparent.Length == 0 ? [] : PngChunk("tRNS", transparent);
        return [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, .. PngChunk("IHDR", header), .. key, .. PngChunk("IDAT", packed.ToArray()), .. PngChunk("IEND", [])];
    }

    /// <summary>A JPEG with one more segment after its beginning.</summary>
    internal static byte[] JpegWith(byte[] jpeg, byte marker, byte[] data)
    {
        byte[] segment = [0xFF, marker, 0, 0, .. data];
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), (ushort)(segment.Length - 2));
        return [.. jpeg[..2], .. segment, .. jpeg[2..]];
    }

    /// <summary>A WebP with EXIF's orientation.</summary>
    internal static byte[] WebPTurned(byte[] webp, int width, int height, int orientation)
    {
        byte[] exif = Exif(orientation);
        byte[] extended = [.. "VP8X"u8, 10, 0, 0, 0, 8, 0, 0, 0, (byte)(width - 1), 0, 0, (byte)(height - 1), 0, 0];
        byte[] bytes = [.. webp[..12], .. extended, .. webp[12..], .. "EXIF"u8, (byte)exif.Length, 0, 0, 0, .. exif];
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bytes.Length - 8);
        return bytes;
    }

    private static byte[] Encode(SKBitmap bitmap, SKEncodedImageFormat format, int quality)
    {
        using SKData data = bitmap.Encode(format, quality);
        return data.ToArray();
    }

    /// <summary>A TIFF directory of one entry: tag 0x0112, one 16-bit number.</summary>
    private static byte[] Exif(int orientation) =>
        [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];

    private static byte[] PngChunk(string type, byte[] data)
    {
        byte[] chunk = [0, 0, 0, 0, .. System.Text.Encoding.ASCII.GetBytes(type), .. data, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Crc32(chunk.AsSpan(4, chunk.Length - 8)));
        return chunk;
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
            }
        }

        return ~crc;
    }
}
