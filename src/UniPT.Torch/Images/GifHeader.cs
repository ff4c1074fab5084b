using System.Buffers.Binary;

namespace UniPT.Torch.Images;

/// <summary>Walks a GIF's blocks (GIF89a) to the end of its first frame, so that none of it is missing.</summary>
internal static class GifHeader
{
    internal static ImageHeader Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 13)
        {
            throw new InvalidDataException("it is cut off");
        }

        int width = BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]);
        int height = BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]);
        int at = 13 + ColourTable(bytes[10]);
        while (at < bytes.Length)
        {
            switch (bytes[at])
            {
                case 0x21:
                    at = SkipBlocks(bytes, at + 2);
                    break;
                case 0x2C when at + 11 <= bytes.Length:
                    SkipBlocks(bytes, at + 11 + ColourTable(bytes[at + 9]));
                    return new ImageHeader("GIF", "gif", width, height);
                default:
                    throw new InvalidDataException("its blocks are damaged or cut off");
            }
        }

        throw new InvalidDataException("it is cut off before its first frame");
    }

    private static int ColourTable(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);

    private static int SkipBlocks(ReadOnlySpan<byte> bytes, int at)
    {
        while (at < bytes.Length)
        {
            int length = bytes[at];
            at += 1 + length;
            if (length == 0)
            {
                return at;
            }
        }

        throw new InvalidDataException("it is cut off");
    }
}
