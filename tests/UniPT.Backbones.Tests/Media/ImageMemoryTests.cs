using SkiaSharp;
using UniPT.Backbones.Media;

namespace UniPT.Backbones.Tests.Media;

/// <summary>Reduced sizes, bytes a pixel, and what several threads hold together.</summary>
public sealed class ImageMemoryTests
{
    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg, 1600, 1200, 224, 400, 300)]
    [InlineData(SKEncodedImageFormat.Jpeg, 1600, 1200, 150, 200, 150)]
    [InlineData(SKEncodedImageFormat.Jpeg, 1600, 1200, 151, 400, 300)]
    [InlineData(SKEncodedImageFormat.Jpeg, 1600, 1200, 1, 200, 150)]
    [InlineData(SKEncodedImageFormat.Jpeg, 1600, 1200, 1100, 1600, 1200)]
    [InlineData(SKEncodedImageFormat.Jpeg, 300, 200, 224, 300, 200)]
    [InlineData(SKEncodedImageFormat.Webp, 1600, 1200, 224, 400, 300)]
    [InlineData(SKEncodedImageFormat.Png, 1600, 1200, 224, 1600, 1200)]
    public void APictureComesReducedButNotBelowWhatIsNeeded(
        SKEncodedImageFormat format, int width, int height, int leastSide, int expectedWidth, int expectedHeight)
    {
        byte[] bytes = ImageFiles.Plain(format, width, height);
        RgbImage image = ImageDecoder.Decode(bytes, "photo", leastSide);
        Assert.Equal((expectedWidth, expectedHeight), (image.Width, image.Height));
        RgbImage full = ImageDecoder.Decode(bytes, "photo");
        Assert.Equal((width, height), (full.Width, full.Height));
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void AReducedPictureShowsTheSame(SKEncodedImageFormat format)
    {
        byte[] bytes = ImageFiles.Encode(format, 256, 160, (x, y) => new SKColor((byte)x, (byte)(y + 50), (byte)(200 - (x / 2))));
        RgbImage full = ImageDecoder.Decode(bytes, "full");
        RgbImage reduced = ImageDecoder.Decode(bytes, "reduced", leastSide: 40);
        Assert.Equal((64, 40), (reduced.Width, reduced.Height));
        for (int y = 0; y < reduced.Height; y++)
        {
            for (int x = 0; x < reduced.Width; x++)
            {
                for (int c = 0; c < 3; c++)
                {
                    double mean = Enumerable.Range(0, 16).Average(
                        k => full.Pixels[(((((y * 4) + (k / 4)) * full.Width) + (x * 4) + (k % 4)) * 3) + c]);
                    Assert.Equal(mean, reduced.Pixels[(((y * reduced.Width) + x) * 3) + c], 4.0);
                }
            }
        }
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    public void DecodingAndResizingHoldAFewBytesAPixel(SKEncodedImageFormat format)
    {
        const int width = 8000;
        const int height = 6250;
        byte[] plain = ImageFiles.Plain(format, width, height);
        byte[] bytes = format == SKEncodedImageFormat.Png ? ImageFiles.PngTurned(plain, 6) : ImageFiles.JpegTurned(plain, 6);
        long before = ProcessPeak.Reset();
        using (torch.NewDisposeScope())
        {
            ImageDecoder.Decode(bytes, "photo", image => ImageTransforms.Resize(image, 224, 224, Interpolation.Bicubic, antialias: true));
        }

        double perPixel = (ProcessPeak.Bytes() - before) / (double)(width * height);
        Assert.True(perPixel < 12, $"{perPixel:f1} bytes a pixel");
    }

    [Fact]
    public void ALeastSideIsAtLeastOne() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageDecoder.Read(ImageFixtures.Path("rgb.png"), leastSide: 0));

    [Fact]
    public void ThreadsThatDecodeAtOnceShareABudget()
    {
        byte[] bytes = ImageFiles.Plain(SKEncodedImageFormat.Png, 100, 100);
        Assert.Equal(2, MostAtOnce(bytes, new MemoryGate(300_000)));
        Assert.Equal(1, MostAtOnce(bytes, new MemoryGate(200_000)));
        Assert.Equal(1, MostAtOnce(bytes, new MemoryGate(1)));
    }

    /// <summary>A picture of 100 × 100 pixels counts as 120,000 bytes.</summary>
    private static int MostAtOnce(byte[] bytes, MemoryGate gate)
    {
        int now = 0;
        int most = 0;
        var threads = Enumerable.Range(0, 6).Select(_ => new Thread(() => ImageDecoder.Decode(
            bytes,
            "photo",
            image =>
            {
                int others = Interlocked.Increment(ref now);
                lock (gate)
                {
                    most = Math.Max(most, others);
                }

                Thread.Sleep(30);
                Interlocked.Decrement(ref now);
                return image.Width;
            },
            leastSide: null,
            gate))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return most;
    }
}
