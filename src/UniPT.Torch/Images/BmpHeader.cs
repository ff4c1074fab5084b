using System.Buffers.Binary;

namespace UniPT.Torch.Images;

/// <summary>The size in a Windows bitmap's header; a negative height means rows from the top.</summary>
internal static class BmpHeader
{
    internal static ImageHeader Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 26 || BinaryPrimitives.ReadUInt32LittleEndian(bytes[2..]) > bytes.Length)
        {
            throw new InvalidDataException("it is cut off");
        }

        bool old = BinaryPrimitives.ReadInt32LittleEndian(bytes[14..]) == 12;
        int width = old ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[18..]) : BinaryPrimitives.ReadInt32LittleEndian(bytes[18..]);
        int height = old ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[20..]) : BinaryPrimitives.ReadInt32LittleEndian(bytes[22..]);
        return new ImageHeader("BMP", "bmp", width, height == int.MinValue ? -1 : Math.Abs(height));
    }
}
