using UniPT.Backbones.Media;
using UniPT.Testing;

namespace UniPT.Backbones.Tests.Media;

public sealed class ImageDecoderTests
{
    /// <summary>Lossless formats are exact; lossy decoders round a little differently.</summary>
    [Theory]
    [InlineData("rgb.png", 0)]
    [InlineData("grey.png", 0)]
    [InlineData("palette.png", 0)]
    [InlineData("rgba.png", 1)]
    [InlineData("grey_alpha.png", 1)]
    [InlineData("sixteen_bit.png", 1)]
    [InlineData("grey_sixteen_bit.png", 1)]
    [InlineData("plain.bmp", 0)]
    [InlineData("animated.gif", 0)]
    [InlineData("lossless.webp", 0)]
    [InlineData("alpha.webp", 1)]
    [InlineData("grey.jpg", 1)]
    [InlineData("full_chroma.jpg", 3)]
    [InlineData("half_chroma.jpg", 3)]
    [InlineData("colour.jpg", 3)]
    [InlineData("progressive.jpg", 3)]
    [InlineData("cmyk.jpg", 3)]
    [InlineData("lossy.webp", 2)]
    [InlineData("orientation1.jpg", 3)]
    [InlineData("orientation2.jpg", 3)]
    [InlineData("orientation3.jpg", 3)]
    [InlineData("orientation4.jpg", 3)]
    [InlineData("orientation5.jpg", 3)]
    [InlineData("orientation6.jpg", 3)]
    [InlineData("orientation7.jpg", 3)]
    [InlineData("orientation8.jpg", 3)]
    public void PixelsAreThoseThatPillowGives(string name, int tolerance)
    {
        RgbImage image = ImageDecoder.Read(ImageFixtures.Path(name));
        byte[] expected = File.ReadAllBytes(ImageFixtures.Path(name + ".rgb"));
        bool turned = name is "orientation5.jpg" or "orientation6.jpg" or "orientation7.jpg" or "orientation8.jpg";
        Assert.Equal(turned ? (17, 25) : (25, 17), (image.Width, image.Height));
        Near(expected, image, tolerance);
        Assert.Equal((image.Width, image.Height), ImageDecoder.Measure(File.ReadAllBytes(ImageFixtures.Path(name)), name));
    }

    /// <summary>A JPEG's header is enough; of less than that nothing is told.</summary>
    [Fact]
    public void APictureIsMeasuredByItsHeader()
    {
        byte[] jpeg = File.ReadAllBytes(ImageFixtures.Path("orientation6.jpg"));
        int scan = jpeg.AsSpan().IndexOf<byte>([0xFF, 0xDA]);
        Assert.Equal((17, 25), ImageDecoder.Measure(jpeg.AsSpan(0, scan + 20), "picture"));
        Assert.Null(ImageDecoder.Measure(jpeg.AsSpan(0, 30), "picture"));
        Assert.Contains("picture is not a picture", Assert.Throws<UserException>(() => ImageDecoder.Measure("<html>"u8, "picture")).Message);
        Assert.Contains("picture is empty", Assert.Throws<UserException>(() => ImageDecoder.Measure([], "picture")).Message);
    }

    [Theory]
    [InlineData("pixel.jpg", 1, 1)]
    [InlineData("strip.jpg", 1000, 1)]
    public void ExtremeShapesDecode(string name, int width, int height)
    {
        RgbImage image = ImageDecoder.Read(ImageFixtures.Path(name));
        Assert.Equal((width, height), (image.Width, image.Height));
        Near(File.ReadAllBytes(ImageFixtures.Path(name + ".rgb")), image, 3);
    }

    [Fact]
    public void OfAnAnimatedWebPTheFirstFrameIsTaken()
    {
        RgbImage image = ImageDecoder.Read(ImageFixtures.Path("animated.webp"));
        Assert.Equal((25, 17), (image.Width, image.Height));
        Near(File.ReadAllBytes(ImageFixtures.Path("rgb.png.rgb")), image, 16);
    }

    [Fact]
    public void BytesAfterTheEndOfAWebPDoNotMatter()
    {
        byte[] bytes = File.ReadAllBytes(ImageFixtures.Path("lossless.webp"));
        byte[] longer = [.. bytes, .. Enumerable.Repeat((byte)'x', 20)];
        Assert.Equal(ImageDecoder.Decode(bytes, "plain").Pixels, ImageDecoder.Decode(longer, "longer").Pixels);
    }

    private static void Near(byte[] expected, RgbImage image, int tolerance)
    {
        int[] differences = [.. image.Pixels.Zip(expected, (found, wanted) => Math.Abs(found - wanted))];
        Assert.Equal(expected.Length, differences.Length);
        Assert.True(differences.Max() <= tolerance, $"largest difference {differences.Max()}, mean {differences.Average():f2}");
        Assert.True(differences.Average() <= tolerance / 2.0, $"mean difference {differences.Average():f2}");
    }

    [Fact]
    public void TheContentDecidesNotTheName()
    {
        using var folder = new TemporaryFolder();
        File.Copy(ImageFixtures.Path("rgb.png"), folder.File("picture.jpg"));
        Assert.Equal(25, ImageDecoder.Read(folder.File("picture.jpg")).Width);
        File.WriteAllText(folder.File("text.jpg"), "#EXTM3U\nhttp://127.0.0.1/x.png\n");
        Assert.Equal(
            $"{folder.File("text.jpg")} is not a picture; expected JPEG, PNG, WebP, GIF or BMP.",
            Assert.Throws<UserException>(() => ImageDecoder.Read(folder.File("text.jpg"))).Message);
    }

    [Fact]
    public void EmptyAndMissingFilesAreNamed()
    {
        Assert.Contains("nothing.png is empty", Assert.Throws<UserException>(() => ImageDecoder.Decode([], "nothing.png")).Message);
        Assert.Contains("/nowhere/x.png", Assert.Throws<UserException>(() => ImageDecoder.Read("/nowhere/x.png")).Message);
    }

    [Theory]
    [InlineData("rgb.png")]
    [InlineData("colour.jpg")]
    [InlineData("progressive.jpg")]
    [InlineData("lossy.webp")]
    [InlineData("animated.gif")]
    [InlineData("plain.bmp")]
    public void AHugePictureIsRefusedFromItsHeader(string name)
    {
        byte[] bytes = ImageFiles.OfSize(File.ReadAllBytes(ImageFixtures.Path(name)), 16_001, 16_002);
        long before = GC.GetAllocatedBytesForCurrentThread();
        long native = ProcessPeak.Reset();
        string message = Assert.Throws<UserException>(() => ImageDecoder.Decode(bytes, "huge")).Message;
        Assert.Equal("huge has 16001 × 16002 pixels; expected at least 1 × 1 and at most 100 megapixels.", message);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
        Assert.True(ProcessPeak.Bytes() - native < 50_000_000, $"{ProcessPeak.Bytes() - native:n0} bytes");
    }

    [Fact]
    public void AHeaderThatLiesAboutTheSizeIsRefused()
    {
        byte[] bytes = File.ReadAllBytes(ImageFixtures.Path("plain.bmp"));
        bytes[22] = 200;
        Assert.Contains("liar.bmp is a", Assert.Throws<UserException>(() => ImageDecoder.Decode(bytes, "liar.bmp")).Message);
    }

    /// <summary>Where only what follows the pixels is missing (a PNG's last chunk, a second frame), the picture is whole.</summary>
    [Theory]
    [InlineData("rgb.png")]
    [InlineData("palette.png")]
    [InlineData("sixteen_bit.png")]
    [InlineData("colour.jpg")]
    [InlineData("cmyk.jpg")]
    [InlineData("orientation6.jpg")]
    [InlineData("progressive.jpg")]
    [InlineData("lossy.webp")]
    [InlineData("lossless.webp")]
    [InlineData("animated.webp")]
    [InlineData("animated.gif")]
    [InlineData("plain.bmp")]
    public void ATruncatedPictureIsNeverHalfShown(string name)
    {
        byte[] bytes = File.ReadAllBytes(ImageFixtures.Path(name));
        byte[] whole = ImageDecoder.Decode(bytes, "whole").Pixels;
        for (int length = 1; length < bytes.Length; length++)
        {
            try
            {
                Assert.Equal(whole, ImageDecoder.Decode(bytes.AsSpan(0, length), "cut").Pixels);
                Assert.True(length > 0.6 * bytes.Length, $"whole after {length} of {bytes.Length} bytes");
            }
            catch (UserException error)
            {
                Assert.StartsWith("cut is ", error.Message);
            }
        }
    }

    /// <summary>A thumbnail's end marker is not the picture's.</summary>
    [Fact]
    public void ACutProgressiveJpegWithAThumbnailIsRefused()
    {
        byte[] jpeg = File.ReadAllBytes(ImageFixtures.Path("progressive.jpg"));
        byte[] thumbnail = [0xFF, 0xE2, 0, 8, 1, 2, 0xFF, 0xD9, 3, 4];
        byte[] whole = [.. jpeg[..2], .. thumbnail, .. jpeg[2..]];
        Assert.Equal(25, ImageDecoder.Decode(whole, "whole").Width);
        Assert.Throws<UserException>(() => ImageDecoder.Decode(whole.AsSpan(0, whole.Length - 50), "cut"));
    }

    [Fact]
    public void MutatedPicturesGiveAPictureOrASentence()
    {
        var random = new Random(20261121);
        string[] names = ["rgb.png", "palette.png", "colour.jpg", "progressive.jpg", "lossy.webp", "lossless.webp", "animated.gif", "plain.bmp", "orientation6.jpg"];
        int decoded = 0;
        int refused = 0;
        foreach (string name in names)
        {
            byte[] original = File.ReadAllBytes(ImageFixtures.Path(name));
            for (int i = 0; i < 2000; i++)
            {
                byte[] bytes = [.. original];
                for (int k = random.Next(1, 6); k > 0; k--)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                }

                int length = random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length;
                try
                {
                    RgbImage image = ImageDecoder.Decode(bytes.AsSpan(0, length), name);
                    Assert.Equal(image.Width * image.Height * 3, image.Pixels.Length);
                    decoded++;
                }
                catch (UserException)
                {
                    refused++;
                }
            }
        }

        Assert.Equal(names.Length * 2000, decoded + refused);
        Assert.True(decoded > 500 && refused > 500, $"{decoded} decoded, {refused} refused");
    }

    [Fact]
    public void ManyThreadsDecodeAtOnce()
    {
        byte[] bytes = File.ReadAllBytes(ImageFixtures.Path("colour.jpg"));
        byte[] expected = ImageDecoder.Decode(bytes, "one").Pixels;
        Parallel.For(0, 200, i => Assert.Equal(expected, ImageDecoder.Decode(bytes, $"{i}").Pixels));
    }
}
