namespace UniPT.Torch.Images;

/// <summary>Prepares pictures <c>[3, H, W]</c>, or batches <c>[B, 3, H, W]</c>, of floats.</summary>
public static class ImageTransforms
{
    /// <summary>A decoded picture as <c>[3, H, W]</c> in [0, 1].</summary>
    public static Tensor ToTensor(RgbImage image)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor bytes = Tensors.From(image.Pixels, image.Height, image.Width, 3);
        return scope.MoveToOuter(bytes.permute(2, 0, 1).to(ScalarType.Float32).contiguous() / 255);
    }

    /// <summary>
    /// Another size, with half-pixel centres. Without antialias bilinear is OpenCV's; with it both are Pillow's.
    /// Bicubic results are limited to [0, 1], which they can overshoot.
    /// </summary>
    public static Tensor Resize(Tensor picture, int height, int width, Interpolation interpolation, bool antialias)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor batch = picture.ndim == 3 ? picture.unsqueeze(0) : picture;
        Tensor resized = (interpolation, antialias) switch
        {
            (Interpolation.Bilinear, false) => batch.ResizeBilinear(height, width),
            (Interpolation.Bilinear, true) => batch.ResizeBilinearAntialias(height, width),
            (_, false) => batch.ResizeBicubic(height, width).clamp(0, 1),
            _ => batch.ResizeBicubicAntialias(height, width).clamp(0, 1),
        };
        return scope.MoveToOuter(picture.ndim == 3 ? resized.squeeze(0) : resized);
    }

    /// <summary>The part of the given size whose top left pixel is at (top, left).</summary>
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
        Tensor centre = Tensors.From(mean.ToArray(), mean.Count, 1, 1).to(picture.device);
        Tensor scale = Tensors.From(deviation.ToArray(), deviation.Count, 1, 1).to(picture.device);
        return scope.MoveToOuter((picture - centre) / scale);
    }
}
