namespace UniPT.Backbones.Media;

/// <summary>
/// What a file is by its first bytes, never by its name. Only the five formats that are decoded reach the decoder; what people
/// take for pictures besides is known so that it can be refused by name.
/// </summary>
/// <param name="Name">The format with its article, as messages say it.</param>
/// <param name="IsDecoded">Whether <see cref="ImageDecoder"/> decodes it.</param>
internal sealed record ImageFormat(string Name, bool IsDecoded)
{
    /// <summary>The formats that are decoded, as messages list them.</summary>
    internal const string Decoded = "JPEG, PNG, WebP, GIF or BMP";

    /// <summary>How far an SVG's first element may be from the beginning: after a declaration, a comment, a document type.</summary>
    private const int SvgPrologue = 1024;

    internal static ImageFormat Jpeg { get; } = new("a JPEG picture", true);

    internal static ImageFormat Png { get; } = new("a PNG picture", true);

    internal static ImageFormat Gif { get; } = new("a GIF picture", true);

    internal static ImageFormat WebP { get; } = new("a WebP picture", true);

    internal static ImageFormat Bmp { get; } = new("a BMP picture", true);

    /// <summary>Null if the bytes are none of the known formats.</summary>
    internal static ImageFormat? Of(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xFF, 0xD8, 0xFF, ..] => Jpeg,
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Png,
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => Gif,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => WebP,
        [(byte)'B', (byte)'M', ..] => Bmp,
        [(byte)'I', (byte)'I', (byte)'*' or (byte)'+', 0, ..] => Refused("a TIFF picture"),
        [(byte)'M', (byte)'M', 0, (byte)'*' or (byte)'+', ..] => Refused("a TIFF picture"),
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', (byte)'-', ..] => Refused("a PDF document"),
        [0xFF, 0x0A, ..] => Refused("a JPEG XL picture"),
        [0, 0, 0, 12, (byte)'J', (byte)'X', (byte)'L', (byte)' ', ..] => Refused("a JPEG XL picture"),
        [0, 0, 0, 12, (byte)'j', (byte)'P', (byte)' ', (byte)' ', ..] => Refused("a JPEG 2000 picture"),
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => OfBrands(bytes),
        _ => IsSvg(bytes) ? Refused("an SVG drawing") : null,
    };

    private static ImageFormat Refused(string name) => new(name, false);

    /// <summary>AVIF and HEIC are files of one container (ISO/IEC 14496-12), told apart by the brands of its first box.</summary>
    private static ImageFormat? OfBrands(ReadOnlySpan<byte> bytes)
    {
        int end = Math.Min(bytes.Length, bytes[2] == 0 ? bytes[3] : 256);
        bool heic = false;
        for (int at = 8; at + 4 <= end; at += 4)
        {
            ReadOnlySpan<byte> brand = bytes.Slice(at, 4);
            if (brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8))
            {
                return Refused("an AVIF picture");
            }

            heic |= brand.StartsWith("hei"u8) || brand.StartsWith("hev"u8)
                || brand.SequenceEqual("mif1"u8) || brand.SequenceEqual("msf1"u8);
        }

        return heic ? Refused("a HEIC picture") : null;
    }

    private static bool IsSvg(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> text = bytes.StartsWith<byte>([0xEF, 0xBB, 0xBF]) ? bytes[3..] : bytes;
        text = text.TrimStart(" \t\r\n"u8);
        return text is [(byte)'<', ..] && text[..Math.Min(text.Length, SvgPrologue)].IndexOf("<svg"u8) >= 0;
    }
}
