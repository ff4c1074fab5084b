using System.Globalization;

namespace UniPT.Tasks.Grounding;

/// <summary>A box in pixels of a picture, from its top left.</summary>
/// <param name="Left">x₀.</param>
/// <param name="Top">y₀.</param>
/// <param name="Right">x₁.</param>
/// <param name="Bottom">y₁.</param>
public readonly record struct PixelBox(double Left, double Top, double Right, double Bottom)
{
    /// <summary>Whether it has any area.</summary>
    public bool HasArea => Right > Left && Bottom > Top;

    /// <summary>The part of it that lies in a picture of that size.</summary>
    public PixelBox Within(double width, double height) =>
        new(Math.Clamp(Left, 0, width), Math.Clamp(Top, 0, height), Math.Clamp(Right, 0, width), Math.Clamp(Bottom, 0, height));

    /// <summary>The same box where the picture's sides were multiplied.</summary>
    public PixelBox Scaled(double across, double down) => new(Left * across, Top * down, Right * across, Bottom * down);

    /// <summary>The same box, seen from another top left.</summary>
    public PixelBox From(double left, double top) => new(Left - left, Top - top, Right - left, Bottom - top);

    /// <summary>Centre, width and height as shares of a picture's, as MDETR predicts them.</summary>
    public float[] Shares(double width, double height) =>
        [(float)((Left + Right) / 2 / width), (float)((Top + Bottom) / 2 / height), (float)((Right - Left) / width), (float)((Bottom - Top) / height)];

    /// <summary><c>x0 y0 x1 y1</c>, with a decimal each.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Left:F1} {Top:F1} {Right:F1} {Bottom:F1}");
}
