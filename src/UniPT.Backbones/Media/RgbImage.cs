using SkiaSharp;

namespace UniPT.Backbones.Media;

/// <summary>A decoded picture in managed memory.</summary>
/// <param name="Width">Pixels across, at least 1.</param>
/// <param name="Height">Pixels down, at least 1.</param>
/// <param name="Pixels">Red, green, blue of every pixel, row by row from the top left; <c>3 · Width · Height</c> bytes.</param>
public sealed record RgbImage(int Width, int Height, byte[] Pixels)
{
    /// <summary>Rows that are turned together, so that what is written stays in the processor's cache.</summary>
    private const int Band = 32;

    /// <summary>Takes over what a decoder stored: in one pass laid on white and turned upright.</summary>
    /// <param name="rgba">Red, green, blue, alpha (not multiplied in) of every stored pixel, row by row.</param>
    /// <param name="width">Stored pixels across.</param>
    /// <param name="height">Stored pixels down.</param>
    /// <param name="origin">Where the stored picture's first row and column belong (EXIF's orientation).</param>
    internal static RgbImage FromStored(ReadOnlySpan<byte> rgba, int width, int height, SKEncodedOrigin origin)
    {
        bool turned = origin >= SKEncodedOrigin.LeftTop;
        (int across, int down) = turned ? (height, width) : (width, height);
        (bool fromRight, bool fromBottom) = origin switch
        {
            SKEncodedOrigin.TopRight => (true, false),
            SKEncodedOrigin.BottomRight => (true, true),
            SKEncodedOrigin.BottomLeft => (false, true),
            SKEncodedOrigin.RightTop => (true, false),
            SKEncodedOrigin.RightBottom => (true, true),
            SKEncodedOrigin.LeftBottom => (false, true),
            _ => (false, false),
        };

        // In bytes of the upright picture: one upright pixel to the right, one down, and where the first stored pixel goes.
        int right = fromRight ? -3 : 3;
        int below = (fromBottom ? -3 : 3) * across;
        int first = (fromRight ? (across - 1) * 3 : 0) + (fromBottom ? (down - 1) * across * 3 : 0);
        (int perColumn, int perRow) = turned ? (below, right) : (right, below);

        byte[] pixels = GC.AllocateUninitializedArray<byte>(checked(width * height * 3));
        int band = turned ? Band : 1;
        for (int top = 0; top < height; top += band)
        {
            int end = Math.Min(top + band, height);
            for (int x = 0; x < width; x++)
            {
                for (int y = top; y < end; y++)
                {
                    ReadOnlySpan<byte> stored = rgba.Slice(((y * width) + x) * 4, 4);
                    Span<byte> pixel = pixels.AsSpan(first + (x * perColumn) + (y * perRow), 3);
                    int alpha = stored[3];
                    pixel[0] = OnWhite(stored[0], alpha);
                    pixel[1] = OnWhite(stored[1], alpha);
                    pixel[2] = OnWhite(stored[2], alpha);
                }
            }
        }

        return new RgbImage(across, down, pixels);
    }

    private static byte OnWhite(int colour, int alpha) =>
        alpha == 255 ? (byte)colour : (byte)(((colour * alpha) + (255 * (255 - alpha)) + 127) / 255);
}
