using UniPT.Torch.Native;

namespace UniPT.Torch.Images;

/// <summary>
/// Decodes JPEG, PNG, WebP, GIF (first frame) and BMP through FFmpeg: recognised by content, transparent parts laid
/// on white, turned upright. Damaged pictures are refused, never half shown. Safe to call from several threads.
/// </summary>
public static unsafe class ImageDecoder
{
    /// <summary>Larger pictures are refused from their header.</summary>
    public const long MaxPixels = 100_000_000;

    /// <summary>Decodes a picture file.</summary>
    /// <exception cref="UserException">It cannot be read, or as <see cref="Decode"/>.</exception>
    public static RgbImage Read(string path)
    {
        try
        {
            return Decode(File.ReadAllBytes(path), path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"Cannot read {path}: {error.Message}", error);
        }
    }

    /// <summary>Decodes a picture in memory.</summary>
    /// <param name="bytes">The file's bytes.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="UserException">It is empty, no picture, too large, cut off or damaged.</exception>
    public static RgbImage Decode(ReadOnlySpan<byte> bytes, string name)
    {
        if (bytes.IsEmpty)
        {
            throw new UserException($"{name} is empty; expected a JPEG, PNG, WebP, GIF or BMP picture.");
        }

        ImageHeader header;
        try
        {
            header = ImageHeader.Read(bytes)
                ?? throw new UserException($"{name} is not a picture; expected JPEG, PNG, WebP, GIF or BMP.");
        }
        catch (InvalidDataException error)
        {
            throw new UserException($"{name} is a picture that cannot be decoded: {error.Message}.", error);
        }

        if (header.Width <= 0 || header.Height <= 0 || (long)header.Width * header.Height > MaxPixels)
        {
            throw new UserException(
                $"{name} has {header.Width} × {header.Height} pixels; expected at least 1 × 1 and at most {MaxPixels / 1_000_000} megapixels.");
        }

        return ExifOrientation.Apply(DecodePixels(bytes, header, name), header.Orientation);
    }

    private static RgbImage DecodePixels(ReadOnlySpan<byte> bytes, ImageHeader header, string name)
    {
        var pixels = new byte[checked(header.Width * header.Height * 3)];
        int status;
        fixed (byte* data = bytes)
        fixed (byte* rgb = pixels)
        {
            status = Bridge.unipt_image_decode(data, bytes.Length, header.Decoder, rgb, header.Width, header.Height);
        }

        try
        {
            Bridge.Check(status);
        }
        catch (TorchException error)
        {
            throw new UserException($"{name} is a {header.Format} picture that cannot be decoded: {error.Message}.", error);
        }

        return new RgbImage(header.Width, header.Height, pixels);
    }
}
