using System.Runtime.InteropServices;
using UniPT.Torch;

namespace UniPT.Backbones.Media;

/// <summary>How pixels between pixels are computed.</summary>
public enum Interpolation
{
    /// <summary>Linear in both directions.</summary>
    Bilinear,

    /// <summary>Cubic convolution in both directions; its a is −0.5 with antialias, −0.75 without.</summary>
    Bicubic,
}

/// <summary>A rectangle of a picture.</summary>
/// <param name="Top">Rows above it.</param>
/// <param name="Left">Columns left of it.</param>
/// <param name="Height">Its rows, at least 1.</param>
/// <param name="Width">Its columns, at least 1.</param>
public readonly record struct ImageRegion(int Top, int Left, int Height, int Width);

/// <summary>
/// Prepares pictures <c>[3, H, W]</c>, or batches <c>[B, 3, H, W]</c>, of floats. What is returned belongs to the caller's dispose scope.
/// </summary>
public static class ImageTransforms
{
    private const int Channels = 3;

    /// <summary>What bytes become: 0 to 255 as 0 to 1.</summary>
    private static readonly float[] Levels = [.. Enumerable.Range(0, 256).Select(level => level / 255f)];

    /// <summary>A decoded picture as float32 <c>[3, H, W]</c> in [0, 1]; 12 bytes a pixel.</summary>
    public static Tensor ToTensor(RgbImage image)
    {
        Tensor picture = torch.empty([Channels, image.Height, image.Width], ScalarType.Float32, torch.CPU);
        Span<float> values = Values(picture);
        int plane = image.Height * image.Width;
        for (int channel = 0; channel < Channels; channel++)
        {
            CopyChannel(image, Whole(image), channel, values.Slice(channel * plane, plane));
        }

        return picture;
    }

    /// <summary>
    /// Another size, with half-pixel centres. Without antialias bilinear is OpenCV's; with it both are Pillow's.
    /// Bicubic results are limited to [0, 1], which they can overshoot.
    /// </summary>
    public static Tensor Resize(Tensor picture, int height, int width, Interpolation interpolation, bool antialias)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor batch = picture.dim() == 3 ? picture.unsqueeze(0) : picture;
        Tensor resized = Interpolated(batch, height, width, interpolation, antialias);
        return scope.MoveToOuter(picture.dim() == 3 ? resized.squeeze(0) : resized);
    }

    /// <summary>
    /// A decoded picture, or a region of it, in another size: <c>[3, height, width]</c> with the values of <see cref="ToTensor"/>,
    /// <see cref="Crop"/> and the other <see cref="Resize(Tensor, int, int, Interpolation, bool)"/>, but only one channel is held as
    /// floats at a time: 4 bytes a pixel in place of 12.
    /// </summary>
    public static Tensor Resize(
        RgbImage image, int height, int width, Interpolation interpolation, bool antialias, ImageRegion? region = null)
    {
        ImageRegion taken = region ?? Whole(image);
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor plane = torch.empty([1, 1, taken.Height, taken.Width], ScalarType.Float32, torch.CPU);
        var channels = new Tensor[Channels];
        for (int channel = 0; channel < Channels; channel++)
        {
            CopyChannel(image, taken, channel, Values(plane));
            channels[channel] = Interpolated(plane, height, width, interpolation, antialias);
        }

        return scope.MoveToOuter(torch.cat(channels, 1).squeeze(0));
    }

    /// <summary>
    /// The middle of a decoded picture: its shorter side becomes <paramref name="side"/>, bicubic with antialias, and what the longer one has more is cut off at both ends, as
    /// torchvision's <c>Resize</c> and <c>CenterCrop</c> do; <c>[3, side, side]</c> in [0, 1].
    /// </summary>
    public static Tensor ShortSide(RgbImage image, int side)
    {
        int shorter = Math.Min(image.Width, image.Height);
        (int height, int width) = ((int)((long)side * image.Height / shorter), (int)((long)side * image.Width / shorter));
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor resized = Resize(image, height, width, Interpolation.Bicubic, antialias: true);

        // Halves go to the even number, as in Python.
        return scope.MoveToOuter(Crop(resized, (int)Math.Round((height - side) / 2.0), (int)Math.Round((width - side) / 2.0), side, side));
    }

    /// <summary>The part of the given size whose top left pixel is at (top, left); a view.</summary>
    public static Tensor Crop(Tensor picture, int top, int left, int height, int width)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(picture.narrow(-2, top, height).narrow(-1, left, width));
    }

    /// <summary>Mirrored left to right.</summary>
    public static Tensor HorizontalFlip(Tensor picture) => picture.flip(-1);

    /// <summary><c>(picture − mean) / deviation</c> in every channel.</summary>
    public static Tensor Normalize(Tensor picture, IReadOnlyList<float> mean, IReadOnlyList<float> deviation)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor centre = torch.tensor(mean.ToArray(), [mean.Count, 1, 1], device: picture.device);
        Tensor scale = torch.tensor(deviation.ToArray(), [deviation.Count, 1, 1], device: picture.device);
        return scope.MoveToOuter((picture - centre) / scale);
    }

    private static Tensor Interpolated(Tensor batch, int height, int width, Interpolation interpolation, bool antialias)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        bool cubic = interpolation == Interpolation.Bicubic;
        Tensor resized = torch.nn.functional.interpolate(
            batch,
            [height, width],
            mode: cubic ? InterpolationMode.Bicubic : InterpolationMode.Bilinear,
            align_corners: false,
            antialias: antialias);
        return scope.MoveToOuter(cubic ? resized.clamp_(Scalars.Of(0), Scalars.Of(1)) : resized);
    }

    private static ImageRegion Whole(RgbImage image) => new(0, 0, image.Height, image.Width);

    /// <summary>A new tensor's memory, to be filled in place.</summary>
    private static Span<float> Values(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    private static void CopyChannel(RgbImage image, ImageRegion region, int channel, Span<float> values)
    {
        for (int y = 0; y < region.Height; y++)
        {
            int start = ((((region.Top + y) * image.Width) + region.Left) * Channels) + channel;
            ReadOnlySpan<byte> row = image.Pixels.AsSpan(start);
            Span<float> target = values.Slice(y * region.Width, region.Width);
            for (int x = 0; x < target.Length; x++)
            {
                target[x] = Levels[row[x * Channels]];
            }
        }
    }
}
