namespace UniPT.Backbones.Layers;

/// <summary>The pixels of a convolutional network.</summary>
internal static class PixelInput
{
    /// <summary>Pixels <c>[B, 3, H, W]</c> whose height and width the network's coarsest stride divides.</summary>
    /// <exception cref="UserException">They are something else.</exception>
    internal static Tensor Require(string backbone, BackboneInput input, int stride)
    {
        long[] shape = input.Values.shape;
        return shape.Length == 4 && shape[1] == 3 && shape[2] % stride == 0 && shape[3] % stride == 0 && !shape.Contains(0)
            ? input.Values
            : throw new UserException(
                $"{backbone} takes pictures [B, 3, H, W] with H and W multiples of {stride}; it was given [{string.Join(", ", shape)}].");
    }
}
