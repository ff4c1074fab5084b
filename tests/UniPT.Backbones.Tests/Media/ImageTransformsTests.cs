using UniPT.Backbones.Media;
using UniPT.Torch;

namespace UniPT.Backbones.Tests.Media;

public sealed class ImageTransformsTests
{
    [Fact]
    public void ToTensorPutsChannelsFirstAndScales()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor tensor = ImageTransforms.ToTensor(new RgbImage(2, 1, [255, 0, 51, 0, 255, 102]));
        Assert.Equal([3, 1, 2], tensor.shape);
        Assert.Equal([1f, 0, 0, 1, 0.2f, 0.4f], tensor.data<float>().ToArray());
    }

    /// <summary>Half-pixel centres: output pixel i looks at (i + ½)·in/out − ½, clamped at the borders.</summary>
    [Fact]
    public void BilinearHasHalfPixelCentres()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor row = torch.tensor(new float[] { 0f, 1 }, [1, 1, 2]);
        Near([0, 0.25, 0.75, 1], ImageTransforms.Resize(row, 1, 4, Interpolation.Bilinear, antialias: false), 1e-6);
        Tensor ramp = torch.tensor(new float[] { 0f, 0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f, 0.7f }, [1, 1, 8]);
        Near([0.15, 0.55], ImageTransforms.Resize(ramp, 1, 2, Interpolation.Bilinear, antialias: false), 1e-6);
    }

    /// <summary>Recorded from Pillow 9.4.0: Image.fromarray(float32, "F").resize((6, 1), BICUBIC) and to (2, 1).</summary>
    [Fact]
    public void AntialiasedBicubicIsPillows()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor row = torch.tensor(new float[] { 0.2f, 0.4f, 0.9f }, [1, 1, 3]);
        Near(UpReference, ImageTransforms.Resize(row, 1, 6, Interpolation.Bicubic, antialias: true), 1e-5);
        Tensor ramp = torch.tensor(new float[] { 0f, 0.1f, 0.9f, 0.3f, 0.4f, 0.5f, 0.6f, 0.7f }, [1, 1, 8]);
        Near(DownReference, ImageTransforms.Resize(ramp, 1, 2, Interpolation.Bicubic, antialias: true), 1e-5);
    }

    [Fact]
    public void BicubicStaysInRange()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor edge = torch.tensor(new float[] { 0f, 0, 1, 1 }, [1, 1, 4]);
        float[] resized = ImageTransforms.Resize(edge, 1, 16, Interpolation.Bicubic, antialias: true).data<float>().ToArray();
        Assert.Equal(0, resized.Min());
        Assert.Equal(1, resized.Max());
    }

    [Fact]
    public void CropFlipAndNormalizeDoWhatTheySay()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor picture = torch.arange(Scalars.Of(0), Scalars.Of(12), Scalars.Of(1), ScalarType.Float32).reshape(1, 3, 4);
        Assert.Equal([5f, 6, 9, 10], ImageTransforms.Crop(picture, 1, 1, 2, 2).data<float>().ToArray());
        Assert.Equal([3f, 2, 1, 0], ImageTransforms.HorizontalFlip(picture).select(1, 0).data<float>().ToArray());
        Tensor colours = torch.tensor(new float[] { 1f, 2, 3 }, [3, 1, 1]);
        Near([1, 1, 4], ImageTransforms.Normalize(colours, [0.5f, 1, 1], [0.5f, 1, 0.5f]), 1e-6);
        Assert.Equal([2, 3, 8, 6], ImageTransforms.Resize(torch.zeros(2, 3, 5, 5), 8, 6, Interpolation.Bicubic, true).shape);
    }

    /// <summary>Cubic convolution's weights (Keys 1981) of the pixels 0, 0, 1, 1 at a quarter past the second, with a = −0.75 and −0.5.</summary>
    [Fact]
    public void TheCubicIsPyTorchsWithoutAntialiasAndPillowsWithIt()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor edge = torch.tensor(new float[] { 0, 0, 1, 1 }, [1, 1, 4]);
        Assert.Equal(0.2265625, ImageTransforms.Resize(edge, 1, 8, Interpolation.Bicubic, antialias: false)[0, 0, 3].item<float>(), 1e-6);
        Assert.Equal(0.203125, ImageTransforms.Resize(edge, 1, 8, Interpolation.Bicubic, antialias: true)[0, 0, 3].item<float>(), 1e-6);
    }

    [Fact]
    public void EveryLevelIsItsQuotient()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        byte[] levels = [.. Enumerable.Range(0, 256).SelectMany(level => Enumerable.Repeat((byte)level, 3))];
        Tensor expected = torch.arange(Scalars.Of(0), Scalars.Of(256), Scalars.Of(1), ScalarType.Float32) / Scalars.Of(255);
        Assert.Equal(expected.data<float>().ToArray(), ImageTransforms.ToTensor(new RgbImage(16, 16, levels))[1].reshape(256).data<float>().ToArray());
    }

    [Theory]
    [InlineData(Interpolation.Bilinear, false)]
    [InlineData(Interpolation.Bilinear, true)]
    [InlineData(Interpolation.Bicubic, false)]
    [InlineData(Interpolation.Bicubic, true)]
    public void ResizingChannelByChannelGivesTheSame(Interpolation interpolation, bool antialias)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var image = new RgbImage(61, 47, new byte[61 * 47 * 3]);
        new Random(5).NextBytes(image.Pixels);
        Tensor tensor = ImageTransforms.ToTensor(image);
        foreach ((int height, int width) in (ReadOnlySpan<(int, int)>)[(24, 24), (90, 80)])
        {
            Tensor whole = ImageTransforms.Resize(tensor, height, width, interpolation, antialias);
            Same(whole, ImageTransforms.Resize(image, height, width, interpolation, antialias));
            Tensor part = ImageTransforms.Resize(ImageTransforms.Crop(tensor, 3, 5, 31, 40), height, width, interpolation, antialias);
            Same(part, ImageTransforms.Resize(image, height, width, interpolation, antialias, new ImageRegion(3, 5, 31, 40)));
        }
    }

    [Fact]
    public void NothingIsLeftToFinalizers()
    {
        var image = new RgbImage(4, 4, new byte[48]);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (torch.NewDisposeScope())
        {
            Tensor picture = ImageTransforms.ToTensor(image);
            ImageTransforms.Normalize(ImageTransforms.HorizontalFlip(ImageTransforms.Crop(picture, 0, 0, 2, 2)), [0, 0, 0], [1, 1, 1]);
            ImageTransforms.Resize(picture, 2, 2, Interpolation.Bicubic, antialias: true);
            ImageTransforms.Resize(image, 2, 2, Interpolation.Bilinear, antialias: false);
            Assert.Equal(before + 6, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static void Same(Tensor expected, Tensor found)
    {
        Assert.Equal(expected.shape, found.shape);

        // Values between 0 and 1; libtorch takes other kernels for one channel than for three, with one thread at least.
        Assert.Equal(expected.ToArray<float>(), found.ToArray<float>(), (one, other) => Math.Abs(one - other) <= 1e-6);
    }

    private static double[] UpReference => [0.1823529, 0.2270073, 0.3213741, 0.5244275, 0.8094890, 0.9441176];

    private static double[] DownReference => [0.3483038, 0.5489823];

    private static void Near(double[] expected, Tensor found, double tolerance)
    {
        float[] values = found.data<float>().ToArray();
        Assert.Equal(expected.Length, values.Length);
        Assert.All(expected.Zip(values), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }
}
