using System.Buffers.Binary;

namespace UniPT.Torch.Images;

/// <summary>Walks a WebP's RIFF chunks.</summary>
internal static class WebPHeader
{
    internal static ImageHeader Read(ReadOnlySpan<byte> bytes)
    {
        uint riff = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        if (riff > bytes.Length - 8)
        {
            throw new InvalidDataException("it is cut off");
        }

        bytes = bytes[..(8 + (int)riff)];
        int orientation = 1;
        (int Width, int Height) size = default;
        for (int at = 12; at + 8 <= bytes.Length;)
        {
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + 4)..]);
            if (length > bytes.Length - at - 8)
            {
                throw new InvalidDataException("it is cut off");
            }

            ReadOnlySpan<byte> type = bytes.Slice(at, 4);
            ReadOnlySpan<byte> data = bytes.Slice(at + 8, (int)length);
            if (type.SequenceEqual("ANIM"u8))
            {
                throw new InvalidDataException("it is animated, which is not supported for WebP");
            }

            if (type.SequenceEqual("EXIF"u8))
            {
                orientation = ExifOrientation.Read(data.StartsWith("Exif\0\0"u8) ? data[6..] : data);
            }
            else if (size == default)
            {
                size = Size(type, data);
            }

            at += 8 + (int)length + (int)(length & 1);
        }

        return size == default
            ? throw new InvalidDataException("it has no picture")
            : new ImageHeader("WebP", "webp", size.Width, size.Height, orientation);
    }

    private static (int Width, int Height) Size(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        if (type.SequenceEqual("VP8X"u8) && data.Length >= 10)
        {
            return (1 + (data[4] | (data[5] << 8) | (data[6] << 16)), 1 + (data[7] | (data[8] << 8) | (data[9] << 16)));
        }

        if (type.SequenceEqual("VP8 "u8) && data.Length >= 10)
        {
            return (BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) & 0x3FFF);
        }

        if (type.SequenceEqual("VP8L"u8) && data.Length >= 5)
        {
            uint bits = BinaryPrimitives.ReadUInt32LittleEndian(data[1..]);
            return (1 + (int)(bits & 0x3FFF), 1 + (int)((bits >> 14) & 0x3FFF));
        }

        return default;
    }
}
