using UniPT.Backbones.Media;
using UniPT.Tasks.Grounding.Data;
using UniPT.Torch.Randomness;

namespace UniPT.Tasks.Grounding.Inputs;

/// <summary>How a picture is resized and cut, with its box; MDETR's transforms.</summary>
/// <param name="Height">Of the result, in pixels.</param>
/// <param name="Width">Of the result.</param>
/// <param name="Box">In the result.</param>
/// <param name="Part">What is taken of the picture once it has <see cref="Before"/>; null for all of it.</param>
/// <param name="Before">Height and width in which the part is taken.</param>
internal sealed record PicturePlan(int Height, int Width, PixelBox Box, ImageRegion? Part, (int Height, int Width) Before)
{
    private const long Stream = 1L << 40;

    // As published; then the last part that was drawn is taken, box or not. Here it is the whole picture.
    private const int MostDraws = 100;

    /// <summary>As in evaluation.</summary>
    internal static PicturePlan Plain(GroundingDataOptions options, int height, int width, PixelBox box) => Whole(height, width, box, options.Size, options.MaxSide);

    /// <summary>As large as pictures become in training.</summary>
    internal static PicturePlan Largest(GroundingDataOptions options, int height, int width, PixelBox box) => Whole(height, width, box, options.Sizes.Max(), options.MaxSide);

    /// <summary>As in training: a function of the seed, the epoch and the example.</summary>
    internal static PicturePlan Drawn(GroundingDataOptions options, int height, int width, PixelBox box, long seed, int epoch, int example)
    {
        var random = new CounterRandom(seed, epoch, Stream + example);
        bool cuts = random.NextDouble() < options.CropShare;
        int last = One(options.Sizes, ref random);
        if (!cuts)
        {
            return Whole(height, width, box, last, options.MaxSide);
        }

        (int Height, int Width) before = SizeOf(height, width, One(options.CropSizes, ref random), null);
        PixelBox there = box.Scaled((double)before.Width / width, (double)before.Height / height);
        for (int draw = 0; draw < MostDraws; draw++)
        {
            int across = Between(Math.Min(options.CropMin, before.Width), Math.Min(before.Width, options.MaxSide), ref random);
            int down = Between(Math.Min(options.CropMin, before.Height), Math.Min(before.Height, options.MaxSide), ref random);
            var part = new ImageRegion(random.Next(before.Height - down + 1), random.Next(before.Width - across + 1), down, across);
            PixelBox kept = there.From(part.Left, part.Top).Within(across, down);
            if (kept.HasArea)
            {
                return Whole(down, across, kept, last, options.MaxSide) with { Part = part, Before = before };
            }
        }

        return Whole(height, width, box, last, options.MaxSide);
    }

    /// <summary>
    /// Height and width whose shorter side is a given one, unless the longer one would pass a limit; the longer side is rounded down, the shorter one of a limited picture to the nearest, as
    /// published.
    /// </summary>
    internal static (int Height, int Width) SizeOf(int height, int width, int shorter, int? limit)
    {
        (double least, double most) = (Math.Min(height, width), Math.Max(height, width));
        if (limit is { } longest && most / least * shorter > longest)
        {
            shorter = Math.Max(1, (int)Math.Round(longest * least / most, MidpointRounding.ToEven));
        }

        return width < height ? ((int)((double)shorter * height / width), shorter) : (shorter, (int)((double)shorter * width / height));
    }

    /// <summary>The resized picture <c>[3, height, width]</c> in [0, 1], in the current scope.</summary>
    internal Tensor Of(RgbImage picture)
    {
        if (Part is not { } part)
        {
            return ImageTransforms.Resize(picture, Height, Width, Interpolation.Bilinear, antialias: true);
        }

        using DisposeScope scope = torch.NewDisposeScope();
        Tensor before = ImageTransforms.Resize(picture, Before.Height, Before.Width, Interpolation.Bilinear, antialias: true);
        Tensor taken = ImageTransforms.Crop(before, part.Top, part.Left, part.Height, part.Width);
        return scope.MoveToOuter(ImageTransforms.Resize(taken, Height, Width, Interpolation.Bilinear, antialias: true));
    }

    private static PicturePlan Whole(int height, int width, PixelBox box, int shorter, int limit)
    {
        (int Height, int Width) size = SizeOf(height, width, shorter, limit);
        return new(size.Height, size.Width, box.Scaled((double)size.Width / width, (double)size.Height / height).Within(size.Width, size.Height), null, size);
    }

    private static int One(OptionList<int> of, ref CounterRandom random) => of[random.Next(of.Count)];

    private static int Between(int least, int most, ref CounterRandom random) => least + random.Next(most - least + 1);
}
