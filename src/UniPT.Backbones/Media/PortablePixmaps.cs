using System.Globalization;

namespace UniPT.Backbones.Media;

/// <summary>Reads pictures that follow each other in a stream as binary portable pixmaps (Netpbm's <c>P6</c>), in which <c>ffmpeg</c> writes frames.</summary>
/// <param name="stream">Where they come from.</param>
/// <param name="name">What messages call the film.</param>
internal sealed class PortablePixmaps(Stream stream, string name)
{
    private const int MaxDigits = 9;
    private readonly BufferedStream _stream = new(stream, 1 << 16);

    /// <summary>The next picture; null at the end, also amid a picture, of which nothing is given then.</summary>
    /// <exception cref="UserException">What comes is no such picture, or is larger than <see cref="ImageDecoder.MaxPixels"/>.</exception>
    internal RgbImage? Next()
    {
        int first = _stream.ReadByte();
        if (first < 0)
        {
            return null;
        }

        if (first != 'P' || _stream.ReadByte() != '6' || Number() is not { } width || Number() is not { } height || Number() is not { } most)
        {
            throw new UserException($"{name} cannot be read: what ffmpeg gives for it are no frames.");
        }

        if (most != byte.MaxValue || width < 1 || height < 1 || (long)width * height > ImageDecoder.MaxPixels)
        {
            throw new UserException(
                $"{name} has frames of {width} × {height} pixels with values to {most}; expected at least 1 × 1, at most {ImageDecoder.MaxPixels / 1_000_000} megapixels and values to 255.");
        }

        byte[] pixels = GC.AllocateUninitializedArray<byte>(3 * width * height);
        return _stream.ReadAtLeast(pixels, pixels.Length, throwOnEndOfStream: false) == pixels.Length ? new RgbImage(width, height, pixels) : null;
    }

    /// <summary>A number of the header and the space behind it; null where there is none.</summary>
    private int? Number()
    {
        int next = _stream.ReadByte();
        while (IsSpace(next))
        {
            next = _stream.ReadByte();
        }

        string digits = "";
        for (; next is >= '0' and <= '9' && digits.Length < MaxDigits; next = _stream.ReadByte())
        {
            digits += (char)next;
        }

        return digits.Length > 0 && IsSpace(next) ? int.Parse(digits, CultureInfo.InvariantCulture) : null;
    }

    private static bool IsSpace(int character) => character is ' ' or '\n' or '\r' or '\t';
}
