namespace UniPT.Torch.Images;

/// <summary>Prepares pictures <c>[3, H, W]</c>, or batches <c>[B, 3, H, W]</c>, of floats.</summary>
public static class ImageTransforms
{
    /// <summary>A decoded picture as <c>[3, H, W]</c> in [0, 1].</summary>
    public static Tensor ToTensor(RgbImage image)
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor bytes = Tensor.From(image.Pixels, image.Height, image.Width, 3);
        return scope.HandOut(bytes.Permute(2, 0, 1).To(ScalarType.Float32).Contiguous() / 255);
    }

    /// <summary>
    /// Another size, with half-pixel centres. Without antialias bilinear is OpenCV's; with it both are Pillow's.
    /// Bicubic results are limited to [0, 1], which they can overshoot.
    /// </summary>
    public static Tensor Resize(Tensor picture, int height, int width, Interpolation interpolation, bool antialias)
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor batch = picture.Dimensions == 3 ? picture.Unsqueeze(0) : picture;
        Tensor resized = (interpolation, antialias) switch
        {
            (Interpolation.Bilinear, false) => batch.ResizeBilinear(height, width),
            (Interpolation.Bilinear, true) => batch.ResizeBilinearAntialias(height, width),
            (_, false) => batch.ResizeBicubic(height, width).Clamp(0, 1),
            _ => batch.ResizeBicubicAntialias(height, width).Clamp(0, 1),
        };
        return scope.HandOut(picture.Dimensions == 3 ? resized.Squeeze(0) : resized);
    }

    /// <summary>The part of the given size whose top left pixel is at (top, left).</summary>
    public static Tensor Crop(Tensor picture, int top, int left, int height, int width)
    {
        using TensorScope scope = TensorScope.Begin();
        return scope.HandOut(picture.Narrow(-2, top, height).Narrow(-1, left, width));
    }

    /// <summary>Mirrored left to right.</summary>
    public static Tensor HorizontalFlip(Tensor picture) => picture.Flip(-1);

    /// <summary><c>(picture − mean) / deviation</c> in every channel.</summary>
    public static Tensor Normalize(Tensor picture, IReadOnlyList<float> mean, IReadOnlyList<float> deviation)
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor centre = Tensor.From(mean.ToArray(), mean.Count, 1, 1).To(picture.Device);
        Tensor scale = Tensor.From(deviation.ToArray(), deviation.Count, 1, 1).To(picture.Device);
        return scope.HandOut((picture - centre) / scale);
    }
}
