using UniPT.Backbones.Media;

namespace UniPT.Torch.Tests.Images;

public sealed class ImageTransformsTests
{
    [Fact]
    public void ToTensorPutsChannelsFirstAndScales()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor tensor = ImageTransforms.ToTensor(new RgbImage(2, 1, [255, 0, 51, 0, 255, 102]));
        Assert.Equal([3, 1, 2], tensor.shape);
        Assert.Equal([1f, 0, 0, 1, 0.2f, 0.4f], tensor.ToArray<float>());
    }

    /// <summary>Half-pixel centres: output pixel i looks at (i + ½)·in/out − ½, clamped at the borders.</summary>
    [Fact]
    public void BilinearHasHalfPixelCentres()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor row = Tensors.From([0f, 1], 1, 1, 2);
        Near([0, 0.25, 0.75, 1], ImageTransforms.Resize(row, 1, 4, Interpolation.Bilinear, antialias: false), 1e-6);
        Tensor ramp = Tensors.From([0f, 0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f, 0.7f], 1, 1, 8);
        Near([0.15, 0.55], ImageTransforms.Resize(ramp, 1, 2, Interpolation.Bilinear, antialias: false), 1e-6);
    }

    /// <summary>Recorded from Pillow 9.4.0: Image.fromarray(float32, "F").resize((6, 1), BICUBIC) and to (2, 1).</summary>
    [Fact]
    public void AntialiasedBicubicIsPillows()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor row = Tensors.From([0.2f, 0.4f, 0.9f], 1, 1, 3);
        Near(UpReference, ImageTransforms.Resize(row, 1, 6, Interpolation.Bicubic, antialias: true), 1e-5);
        Tensor ramp = Tensors.From([0f, 0.1f, 0.9f, 0.3f, 0.4f, 0.5f, 0.6f, 0.7f], 1, 1, 8);
        Near(DownReference, ImageTransforms.Resize(ramp, 1, 2, Interpolation.Bicubic, antialias: true), 1e-5);
    }

    [Fact]
    public void BicubicStaysInRange()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor edge = Tensors.From([0f, 0, 1, 1], 1, 1, 4);
        float[] resized = ImageTransforms.Resize(edge, 1, 16, Interpolation.Bicubic, antialias: true).ToArray<float>();
        Assert.Equal(0, resized.Min());
        Assert.Equal(1, resized.Max());
    }

    [Fact]
    public void CropFlipAndNormalizeDoWhatTheySay()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor picture = torch.arange(0, 12, dtype: ScalarType.Float32).reshape(1, 3, 4);
        Assert.Equal([5f, 6, 9, 10], ImageTransforms.Crop(picture, 1, 1, 2, 2).ToArray<float>());
        Assert.Equal([3f, 2, 1, 0], ImageTransforms.HorizontalFlip(picture).select(1, 0).ToArray<float>());
        Tensor colours = Tensors.From([1f, 2, 3], 3, 1, 1);
        Near([1, 1, 4], ImageTransforms.Normalize(colours, [0.5f, 1, 1], [0.5f, 1, 0.5f]), 1e-6);
        Assert.Equal([2, 3, 8, 6], ImageTransforms.Resize(torch.zeros(2, 3, 5, 5), 8, 6, Interpolation.Bicubic, true).shape);
    }

    private static double[] UpReference => [0.1823529, 0.2270073, 0.3213741, 0.5244275, 0.8094890, 0.9441176];

    private static double[] DownReference => [0.3483038, 0.5489823];

    private static void Near(double[] expected, Tensor found, double tolerance)
    {
        float[] values = found.ToArray<float>();
        Assert.Equal(expected.Length, values.Length);
        Assert.All(expected.Zip(values), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }
}
