using SkiaSharp;

namespace UniPT.Backbones.Media;

/// <summary>Writes pictures as files.</summary>
public static class ImageEncoder
{
    /// <summary>The picture as a PNG file, without loss.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="draw">Draws something into it, in its pixels; null for nothing.</param>
    /// <exception cref="UserException">There is not enough memory for it.</exception>
    public static byte[] Png(RgbImage image, Action<SKCanvas>? draw = null)
    {
        using var bitmap = new SKBitmap();
        if (!bitmap.TryAllocPixels(new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque)))
        {
            throw new UserException($"A picture of {image.Width} × {image.Height} pixels cannot be written; there is not that much memory.");
        }

        Span<byte> pixels = bitmap.GetPixelSpan();
        for (int i = 0; i < image.Width * image.Height; i++)
        {
            image.Pixels.AsSpan(3 * i, 3).CopyTo(pixels[(4 * i)..]);
            pixels[(4 * i) + 3] = byte.MaxValue;
        }

        if (draw is not null)
        {
            using var canvas = new SKCanvas(bitmap);
            draw(canvas);
        }

        using SKData file = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        return file.ToArray();
    }
}
