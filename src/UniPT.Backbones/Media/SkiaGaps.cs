using System.Buffers.Binary;
using System.IO.Hashing;

namespace UniPT.Backbones.Media;

/// <summary>
/// What Skia's decoders do not look at, or refuse though everybody else shows it. A file is copied only where it has to be changed.
/// </summary>
internal static class SkiaGaps
{
    private const int PngSignature = 8;

    /// <summary>A chunk's length, type and checksum.</summary>
    private const int PngFrame = 12;

    /// <summary>
    /// Whether a JPEG has an end marker after its first scan began. A progressive JPEG that is cut off between or inside scans decodes
    /// to a coarse picture that Skia calls complete; an end marker before the scan belongs to an embedded thumbnail.
    /// </summary>
    internal static bool HasEnd(ReadOnlySpan<byte> jpeg)
    {
        List<(int Start, int Length)> segments = JpegSegments(jpeg);
        int at = segments.Count == 0 ? 2 : segments[^1].Start + segments[^1].Length;
        return at < jpeg.Length && jpeg[at..].IndexOf<byte>([0xFF, 0xD9]) >= 0;
    }

    /// <summary>
    /// A PNG of fewer than 8 grey bits of which one level is transparent, which Skia shows black, as the palette picture that it is as
    /// well: a palette of all its levels has the same pixel data. Null for every other PNG.
    /// </summary>
    internal static byte[]? GreyKeyAsPalette(ReadOnlySpan<byte> png)
    {
        // After the signature IHDR's length and type; in it width, height, bit depth and colour type: 0 is grey, 3 a palette.
        const int depthAt = 24;
        const int typeAt = 25;
        if (png.Length <= typeAt || png[depthAt] >= 8 || png[depthAt] == 0 || png[typeAt] != 0)
        {
            return null;
        }

        foreach ((int start, int length) in PngChunks(png))
        {
            if (png.Slice(start + 4, 4).SequenceEqual("tRNS"u8) && length == PngFrame + 2 && IsIntact(png.Slice(start, length)))
            {
                int levels = 1 << png[depthAt];
                byte[] palette = [.. Enumerable.Range(0, levels).SelectMany(level => Enumerable.Repeat((byte)(level * 255 / (levels - 1)), 3))];
                byte[] alpha = [.. Enumerable.Repeat(byte.MaxValue, levels)];
                alpha[BinaryPrimitives.ReadUInt16BigEndian(png[(start + 8)..]) & (levels - 1)] = 0;
                byte[] header = [.. png.Slice(PngSignature + 8, 13)];
                header[typeAt - PngSignature - 8] = 3;
                return
                [
                    .. png[..PngSignature], .. Chunk("IHDR"u8, header), .. png[(PngSignature + PngFrame + 13)..start],
                    .. Chunk("PLTE"u8, palette), .. Chunk("tRNS"u8, alpha), .. png[(start + length)..],
                ];
            }
        }

        return null;
    }

    /// <summary>
    /// A file that Skia refused without what is not needed to show it: a PNG's and a JPEG's ancillary data (profiles, dates, texts), a
    /// bitmap's statement of its own size, which many programs leave 0. Null where there is none of it.
    /// </summary>
    internal static byte[]? Bare(ImageFormat format, ReadOnlySpan<byte> file)
    {
        byte[]? bare = format == ImageFormat.Png ? BarePng(file)
            : format == ImageFormat.Jpeg ? BareJpeg(file)
            : format == ImageFormat.Bmp && file.Length > 6 ? [.. file[..2], .. BitConverter.GetBytes(file.Length), .. file[6..]]
            : null;
        return bare is null || file.SequenceEqual(bare) ? null : bare;
    }

    private static byte[] BarePng(ReadOnlySpan<byte> png)
    {
        using var bare = new MemoryStream(png.Length);
        bare.Write(png[..PngSignature]);
        int end = PngSignature;
        foreach ((int start, int length) in PngChunks(png))
        {
            // A capital letter begins the type of what a picture cannot be shown without; what is transparent is kept besides.
            ReadOnlySpan<byte> chunk = png.Slice(start, length);
            if (char.IsAsciiLetterUpper((char)chunk[4]) || (chunk[4..].StartsWith("tRNS"u8) && IsIntact(chunk)))
            {
                bare.Write(chunk);
            }

            end = start + length;
        }

        bare.Write(png[end..]);
        return bare.ToArray();
    }

    private static byte[] BareJpeg(ReadOnlySpan<byte> jpeg)
    {
        using var bare = new MemoryStream(jpeg.Length);
        bare.Write(jpeg[..2]);
        int end = 2;
        foreach ((int start, int length) in JpegSegments(jpeg))
        {
            // Kept of APP0 to APP15 and comments: APP0 and APP14, which say what the channels are.
            if (jpeg[start + 1] is not ((>= 0xE1 and <= 0xED) or 0xEF or 0xFE))
            {
                bare.Write(jpeg.Slice(start, length));
            }

            end = start + length;
        }

        bare.Write(jpeg[end..]);
        return bare.ToArray();
    }

    /// <summary>The whole chunks of a PNG, each with its length, type and checksum.</summary>
    internal static List<(int Start, int Length)> PngChunks(ReadOnlySpan<byte> png)
    {
        var chunks = new List<(int Start, int Length)>();
        for (long at = PngSignature; at + PngFrame <= png.Length;)
        {
            long length = PngFrame + (long)BinaryPrimitives.ReadUInt32BigEndian(png[(int)at..]);
            if (at + length > png.Length)
            {
                break;
            }

            chunks.Add(((int)at, (int)length));
            at += length;
        }

        return chunks;
    }

    /// <summary>The whole segments of a JPEG before its first scan, each with its marker and length.</summary>
    internal static List<(int Start, int Length)> JpegSegments(ReadOnlySpan<byte> jpeg)
    {
        const byte startOfScan = 0xDA;
        var segments = new List<(int Start, int Length)>();
        for (int at = 2; at + 4 <= jpeg.Length && jpeg[at] == 0xFF && jpeg[at + 1] != startOfScan;)
        {
            if (jpeg[at + 1] == 0xFF)
            {
                at++;
                continue;
            }

            int length = 2 + BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 2)..]);
            if (length < 4 || at + length > jpeg.Length)
            {
                break;
            }

            segments.Add((at, length));
            at += length;
        }

        return segments;
    }

    private static bool IsIntact(ReadOnlySpan<byte> chunk) =>
        Crc32.HashToUInt32(chunk[4..^4]) == BinaryPrimitives.ReadUInt32BigEndian(chunk[^4..]);

    private static byte[] Chunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        byte[] chunk = [0, 0, 0, 0, .. type, .. data, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Crc32.HashToUInt32(chunk.AsSpan(4, chunk.Length - 8)));
        return chunk;
    }
}
