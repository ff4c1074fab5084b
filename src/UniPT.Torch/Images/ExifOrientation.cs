using System.Buffers.Binary;

namespace UniPT.Torch.Images;

/// <summary>Reads and applies EXIF's orientation (tag 0x0112 of the first TIFF directory).</summary>
internal static class ExifOrientation
{
    private const int Tag = 0x0112;

    /// <summary>1 to 8; 1 where the tag is missing or damaged, which is no reason to refuse a picture.</summary>
    internal static int Read(ReadOnlySpan<byte> tiff)
    {
        bool little = tiff.StartsWith("II*\0"u8);
        if ((!little && !tiff.StartsWith("MM\0*"u8)) || tiff.Length < 10)
        {
            return 1;
        }

        uint directory = U32(tiff[4..], little);
        if (directory > tiff.Length - 2)
        {
            return 1;
        }

        int count = U16(tiff[(int)directory..], little);
        for (int i = 0; i < count; i++)
        {
            long entry = directory + 2 + (12L * i);
            if (entry + 12 > tiff.Length)
            {
                return 1;
            }

            if (U16(tiff[(int)entry..], little) == Tag)
            {
                int value = U16(tiff[((int)entry + 8)..], little);
                return value is >= 1 and <= 8 ? value : 1;
            }
        }

        return 1;
    }

    /// <summary>Turns a stored picture upright.</summary>
    internal static RgbImage Apply(RgbImage image, int orientation)
    {
        if (orientation == 1)
        {
            return image;
        }

        (int width, int height) = orientation >= 5 ? (image.Height, image.Width) : (image.Width, image.Height);
        var pixels = new byte[image.Pixels.Length];
        int right = image.Width - 1;
        int bottom = image.Height - 1;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                (int fromX, int fromY) = orientation switch
                {
                    2 => (right - x, y),
                    3 => (right - x, bottom - y),
                    4 => (x, bottom - y),
                    5 => (y, x),
                    6 => (y, bottom - x),
                    7 => (right - y, bottom - x),
                    _ => (right - y, x),
                };
                image.Pixels.AsSpan(((fromY * image.Width) + fromX) * 3, 3).CopyTo(pixels.AsSpan(((y * width) + x) * 3));
            }
        }

        return new RgbImage(width, height, pixels);
    }

    private static ushort U16(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint U32(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
