namespace UniPT.Backbones.Layers;

/// <summary>The pixels that a network of pictures is given.</summary>
internal static class PixelInput
{
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
