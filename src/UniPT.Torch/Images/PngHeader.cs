using System.Buffers.Binary;

namespace UniPT.Torch.Images;

/// <summary>Walks a PNG's chunks (ISO/IEC 15948).</summary>
internal static class PngHeader
{
    internal static ImageHeader Read(ReadOnlySpan<byte> bytes)
    {
        int orientation = 1;
        int width = 0;
        int height = 0;
        for (int at = 8; at + 12 <= bytes.Length;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
            if (length > bytes.Length - at - 12)
            {
                break;
            }

            ReadOnlySpan<byte> type = bytes.Slice(at + 4, 4);
            ReadOnlySpan<byte> data = bytes.Slice(at + 8, (int)length);
            if (type.SequenceEqual("IHDR"u8) && data.Length == 13)
            {
                width = BinaryPrimitives.ReadInt32BigEndian(data);
                height = BinaryPrimitives.ReadInt32BigEndian(data[4..]);
            }
            else if (type.SequenceEqual("eXIf"u8))
            {
                orientation = ExifOrientation.Read(data);
            }
            else if (type.SequenceEqual("IEND"u8) && width > 0 && height > 0)
            {
                return new ImageHeader("PNG", "png", width, height, orientation);
            }

            at += 12 + (int)length;
        }

        throw new InvalidDataException("it is cut off");
    }
}
