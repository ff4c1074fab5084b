using System.Buffers.Binary;
using SkiaSharp;

namespace UniPT.Backbones.Media;

/// <summary>
/// How a file says that its picture is turned (EXIF 2.32, tag 0x0112), as any of the whole-number types and in either byte order;
/// upright where nothing is said or it is damaged, which is no reason to refuse a picture. (Skia knows one type, and none in PNG.)
/// </summary>
internal static class ExifOrientation
{
    private const int Tag = 0x0112;

    internal static SKEncodedOrigin Of(ImageFormat format, ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> exif = format == ImageFormat.Jpeg ? InJpeg(file)
            : format == ImageFormat.Png ? InPng(file)
            : format == ImageFormat.WebP ? InWebP(file)
            : default;
        return Read(exif.StartsWith("Exif\0\0"u8) ? exif[6..] : exif) is >= 1 and <= 8 and { } value
            ? (SKEncodedOrigin)value
            : SKEncodedOrigin.TopLeft;
    }

    private static ReadOnlySpan<byte> InJpeg(ReadOnlySpan<byte> jpeg)
    {
        foreach ((int start, int length) in SkiaGaps.JpegSegments(jpeg))
        {
            // APP1 also holds other things, such as XMP.
            ReadOnlySpan<byte> content = jpeg.Slice(start, length)[4..];
            if (jpeg[start + 1] == 0xE1 && content.StartsWith("Exif\0\0"u8))
            {
                return content;
            }
        }

        return default;
    }

    private static ReadOnlySpan<byte> InPng(ReadOnlySpan<byte> png)
    {
        foreach ((int start, int length) in SkiaGaps.PngChunks(png))
        {
            if (png.Slice(start + 4, 4).SequenceEqual("eXIf"u8))
            {
                return png.Slice(start, length)[8..^4];
            }
        }

        return default;
    }

    private static ReadOnlySpan<byte> InWebP(ReadOnlySpan<byte> webp)
    {
        // A chunk is its type, its length and its data, padded to an even length.
        for (long at = 12; at + 8 <= webp.Length;)
        {
            ReadOnlySpan<byte> chunk = webp[(int)at..];
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            if (chunk.StartsWith("EXIF"u8))
            {
                return chunk.Slice(8, (int)Math.Min(length, (uint)chunk.Length - 8));
            }

            at += 8L + length + (length & 1);
        }

        return default;
    }

    /// <summary>The tag in the first directory of a TIFF header; 0 if there is none.</summary>
    private static long Read(ReadOnlySpan<byte> tiff)
    {
        bool little = tiff.StartsWith("II*\0"u8);
        if (tiff.Length < 10 || (!little && !tiff.StartsWith("MM\0*"u8)))
        {
            return 0;
        }

        long directory = Number(tiff[4..], 4, little);
        int entries = directory <= tiff.Length - 2 ? (int)Number(tiff[(int)directory..], 2, little) : 0;
        for (int entry = 0; entry < entries; entry++)
        {
            long at = directory + 2 + (12L * entry);
            if (at + 12 > tiff.Length)
            {
                break;
            }

            // Tag, type, count, value.
            ReadOnlySpan<byte> field = tiff.Slice((int)at, 12);
            if (Number(field, 2, little) == Tag)
            {
                int width = Number(field[2..], 2, little) switch
                {
                    1 or 6 => 1,
                    3 or 8 => 2,
                    4 or 9 => 4,
                    _ => 0,
                };
                return Number(field[8..], width, little);
            }
        }

        return 0;
    }

    private static long Number(ReadOnlySpan<byte> bytes, int width, bool little)
    {
        long number = 0;
        for (int i = 0; i < width; i++)
        {
            number |= (long)bytes[i] << (8 * (little ? i : width - 1 - i));
        }

        return number;
    }
}
