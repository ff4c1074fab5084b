using System.Buffers.Binary;

namespace UniPT.Torch.Images;

/// <summary>Walks a JPEG's segments (ITU-T T.81, annex B).</summary>
internal static class JpegHeader
{
    private const byte StartOfScan = 0xDA;
    private const byte Exif = 0xE1;

    internal static ImageHeader Read(ReadOnlySpan<byte> bytes)
    {
        int orientation = 1;
        int width = 0;
        int height = 0;
        int at = 2;
        while (at + 4 <= bytes.Length)
        {
            if (bytes[at] != 0xFF)
            {
                throw new InvalidDataException("its segments are damaged");
            }

            byte marker = bytes[at + 1];
            if (marker is 0xFF or 0x01 or (>= 0xD0 and <= 0xD7))
            {
                at += marker == 0xFF ? 1 : 2;
                continue;
            }

            int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
            if (length < 2 || at + 2 + length > bytes.Length)
            {
                throw new InvalidDataException("it is cut off");
            }

            ReadOnlySpan<byte> segment = bytes.Slice(at + 4, length - 2);
            if (marker == StartOfScan)
            {
                break;
            }

            if (marker == Exif && segment.StartsWith("Exif\0\0"u8))
            {
                orientation = ExifOrientation.Read(segment[6..]);
            }
            else if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC) && segment.Length >= 5)
            {
                height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]);
                width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]);
            }

            at += 2 + length;
        }

        // An end marker before the scan belongs to an embedded thumbnail.
        if (width == 0 || height == 0 || bytes[at..].LastIndexOf<byte>([0xFF, 0xD9]) < 0)
        {
            throw new InvalidDataException("it is cut off");
        }

        return new ImageHeader("JPEG", "mjpeg", width, height, orientation);
    }
}
