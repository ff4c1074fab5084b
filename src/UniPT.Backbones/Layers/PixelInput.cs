namespace UniPT.Backbones.Layers;

/// <summary>The pixels that a network of pictures is given.</summary>
internal static class PixelInput
{
    // Ten pictures of 224×224, two of 512×512: ResNeXt-101 takes no longer for them than for larger parts of a batch.
    private const long PixelsAtOnce = 1 << 19;

    /// <summary>How many pictures go through a convolutional network together, whose first maps are many times as large as the pictures.</summary>
    internal static long PicturesAtOnce(BackboneInput input) =>
        input.Find(BackboneInput.PixelsPart) is { } pixels && pixels.dim() == 4 ? Math.Max(1, PixelsAtOnce / Math.Max(1, pixels.size(2) * pixels.size(3))) : input.Rows;

    /// <summary>Pixels <c>[B, 3, H, W]</c> whose height and width the network's coarsest stride divides.</summary>
    /// <exception cref="UserException">They are something else.</exception>
    internal static Tensor Require(string backbone, BackboneInput input, int stride)
    {
        Tensor pixels = Of(backbone, input);
        long[] shape = pixels.shape;
        return shape.Length == 4 && shape[1] == 3 && shape[2] % stride == 0 && shape[3] % stride == 0 && !shape.Contains(0)
            ? pixels
            : throw new UserException(
                $"{backbone} takes pictures [B, 3, H, W] with H and W multiples of {stride}; it was given [{string.Join(", ", shape)}].");
    }

    /// <summary>The pixels of an input.</summary>
    /// <exception cref="UserException">There are none.</exception>
    internal static Tensor Of(string backbone, BackboneInput input) => input.Find(BackboneInput.PixelsPart)
        ?? throw new UserException($"{backbone} takes pictures [B, 3, H, W]; it was given {string.Join(", ", input.All.Keys)} and no {BackboneInput.PixelsPart}.");
}
