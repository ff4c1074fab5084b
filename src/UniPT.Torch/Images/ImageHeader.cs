namespace UniPT.Torch.Images;

/// <summary>What a picture's header says; read before anything is allocated for it.</summary>
/// <param name="Format">The format's usual name.</param>
/// <param name="Decoder">FFmpeg's name of the decoder.</param>
/// <param name="Width">Pixels across as stored.</param>
/// <param name="Height">Pixels down as stored.</param>
/// <param name="Orientation">EXIF's orientation, 1 to 8; 1: upright.</param>
internal sealed record ImageHeader(string Format, string Decoder, int Width, int Height, int Orientation = 1)
{
    /// <summary>Recognises a picture by its content, never by its name; null if it is none of the known formats.</summary>
    /// <exception cref="InvalidDataException">The format is known, but the header is damaged or the end is missing.</exception>
    internal static ImageHeader? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith<byte>([0xFF, 0xD8, 0xFF]))
        {
            return JpegHeader.Read(bytes);
        }

        if (bytes.StartsWith<byte>([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
        {
            return PngHeader.Read(bytes);
        }

        if (bytes.StartsWith("GIF87a"u8) || bytes.StartsWith("GIF89a"u8))
        {
            return GifHeader.Read(bytes);
        }

        if (bytes.StartsWith("BM"u8))
        {
            return BmpHeader.Read(bytes);
        }

        return bytes.Length >= 12 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8) ? WebPHeader.Read(bytes) : null;
    }
}
