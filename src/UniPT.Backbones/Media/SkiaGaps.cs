using System.Buffers.Binary;
using SkiaSharp;

namespace UniPT.Backbones.Media;

/// <summary>The two things that a file says and Skia's decoders do not look at.</summary>
internal static class SkiaGaps
{
    /// <summary>
    /// Whether a JPEG has an end marker after its first scan began. A progressive JPEG that is cut off between or inside scans decodes
    /// to a coarse picture that Skia calls complete; an end marker before the scan belongs to an embedded thumbnail.
    /// </summary>
    internal static bool HasEnd(ReadOnlySpan<byte> jpeg)
    {
        const byte startOfScan = 0xDA;
        int at = 2;
        while (at + 4 <= jpeg.Length && jpeg[at] == 0xFF && jpeg[at + 1] != startOfScan)
        {
            // Markers may be padded with 0xFF; segments begin with their length.
            at += jpeg[at + 1] == 0xFF ? 1 : 2 + BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 2)..]);
        }

        return at < jpeg.Length && jpeg[at..].IndexOf<byte>([0xFF, 0xD9]) >= 0;
    }

    /// <summary>
    /// How a PNG's eXIf chunk says the picture is turned; upright where there is none or it is damaged, which is no reason to refuse a
    /// picture. (Skia reads EXIF of JPEG and WebP.)
    /// </summary>
    internal static SKEncodedOrigin PngOrigin(ReadOnlySpan<byte> png)
    {
        // A chunk is its length, its type, its data and a checksum.
        for (long at = 8; at + 12 <= png.Length;)
        {
            ReadOnlySpan<byte> chunk = png[(int)at..];
            uint length = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            if (chunk[4..].StartsWith("eXIf"u8))
            {
                return length <= chunk.Length - 12 ? Origin(chunk.Slice(8, (int)length)) : SKEncodedOrigin.TopLeft;
            }

            at += 12L + length;
        }

        return SKEncodedOrigin.TopLeft;
    }

    /// <summary>Tag 0x0112 of the first directory of a TIFF header.</summary>
    private static SKEncodedOrigin Origin(ReadOnlySpan<byte> tiff)
    {
        const int tag = 0x0112;
        bool little = tiff.StartsWith("II*\0"u8);
        if (tiff.Length < 10 || (!little && !tiff.StartsWith("MM\0*"u8)))
        {
            return SKEncodedOrigin.TopLeft;
        }

        uint directory = little ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        int entries = directory <= tiff.Length - 2 ? Number(tiff, (int)directory, little) : 0;
        for (int entry = 0; entry < entries; entry++)
        {
            long at = directory + 2 + (12L * entry);
            if (at + 12 > tiff.Length)
            {
                break;
            }

            if (Number(tiff, (int)at, little) == tag)
            {
                int value = Number(tiff, (int)at + 8, little);
                return value is >= 1 and <= 8 ? (SKEncodedOrigin)value : SKEncodedOrigin.TopLeft;
            }
        }

        return SKEncodedOrigin.TopLeft;
    }

    private static ushort Number(ReadOnlySpan<byte> bytes, int at, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]) : BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
}
