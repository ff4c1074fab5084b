using SkiaSharp;
using UniPT.Backbones.Media;

namespace UniPT.Tasks.Grounding.Drawing;

/// <summary>Draws boxes into pictures.</summary>
internal static class BoxDrawing
{
    private static readonly SKColor FoundColour = new(220, 30, 30);
    private static readonly SKColor RightColour = new(30, 160, 60);

    /// <summary>A PNG of the picture with boxes that were found in red, the first one strongest, and the right one in green.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="found">In pixels of the picture, the surest first.</param>
    /// <param name="right">The right one; null where it is not known.</param>
    internal static byte[] Png(RgbImage picture, IReadOnlyList<PixelBox> found, PixelBox? right = null) => ImageEncoder.Png(picture, canvas =>
    {
        float line = Math.Max(2, Math.Min(picture.Width, picture.Height) / 100f);
        if (right is { } known)
        {
            Draw(canvas, known, RightColour, line);
        }

        // The surest last, so that it lies above the others.
        foreach ((int rank, PixelBox box) in found.Index().Reverse())
        {
            Draw(canvas, box, FoundColour.WithAlpha(rank == 0 ? (byte)255 : (byte)110), rank == 0 ? line : line / 2);
        }
    });

    private static void Draw(SKCanvas canvas, PixelBox box, SKColor colour, float line)
    {
        using var paint = new SKPaint { Color = colour, Style = SKPaintStyle.Stroke, StrokeWidth = line, IsAntialias = true };
        canvas.DrawRect(new SKRect((float)box.Left, (float)box.Top, (float)box.Right, (float)box.Bottom), paint);
    }
}
