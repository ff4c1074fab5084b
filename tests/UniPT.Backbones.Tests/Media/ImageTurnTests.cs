using SkiaSharp;
using UniPT.Backbones.Media;

namespace UniPT.Backbones.Tests.Media;

/// <summary>EXIF's eight orientations in every format that carries them (JPEG's also against Pillow: ImageDecoderTests).</summary>
public sealed class ImageTurnTests
{
    private const int Width = 70;
    private const int Height = 40;

    public static TheoryData<string, int> Turns
    {
        get
        {
            var turns = new TheoryData<string, int>();
            foreach (string format in (string[])["JPEG", "PNG", "WebP"])
            {
                for (int orientation = 1; orientation <= 8; orientation++)
                {
                    turns.Add(format, orientation);
                }
            }

            return turns;
        }
    }

    [Theory]
    [MemberData(nameof(Turns))]
    public void ATurnedPictureIsShownUpright(string format, int orientation)
    {
        byte[] stored = Stored(format);
        RgbImage plain = ImageDecoder.Decode(stored, "plain");
        RgbImage upright = ImageDecoder.Decode(Turned(format, stored, orientation), "turned");
        Assert.Equal(orientation >= 5 ? (Height, Width) : (Width, Height), (upright.Width, upright.Height));
        for (int y = 0; y < upright.Height; y++)
        {
            for (int x = 0; x < upright.Width; x++)
            {
                (int fromX, int fromY) = From(orientation, x, y);
                Assert.Equal(Pixel(plain, fromX, fromY), Pixel(upright, x, y));
            }
        }
    }

    [Fact]
    public void AnOrientationThatIsNoneIsNotApplied() =>
        Assert.Equal(Width, ImageDecoder.Decode(ImageFiles.PngTurned(Stored("PNG"), 9), "odd").Width);

    /// <summary>A least side is of the picture as it is shown.</summary>
    [Fact]
    public void AReducedPictureIsTurnedToo()
    {
        byte[] jpeg = ImageFiles.JpegTurned(ImageFiles.Plain(SKEncodedImageFormat.Jpeg, 800, 400), 6);
        RgbImage image = ImageDecoder.Decode(jpeg, "turned", leastSide: 100);
        Assert.Equal((100, 200), (image.Width, image.Height));
    }

    /// <summary>The stored pixel that is shown at (x, y): the definition of the tag (EXIF 2.32, 4.6.4).</summary>
    private static (int X, int Y) From(int orientation, int x, int y) => orientation switch
    {
        2 => (Width - 1 - x, y),
        3 => (Width - 1 - x, Height - 1 - y),
        4 => (x, Height - 1 - y),
        5 => (y, x),
        6 => (y, Height - 1 - x),
        7 => (Width - 1 - y, Height - 1 - x),
        8 => (Width - 1 - y, x),
        _ => (x, y),
    };

    private static (byte, byte, byte) Pixel(RgbImage image, int x, int y)
    {
        int at = ((y * image.Width) + x) * 3;
        return (image.Pixels[at], image.Pixels[at + 1], image.Pixels[at + 2]);
    }

    private static byte[] Stored(string format)
    {
        SKEncodedImageFormat encoder = format switch
        {
            "JPEG" => SKEncodedImageFormat.Jpeg,
            "PNG" => SKEncodedImageFormat.Png,
            _ => SKEncodedImageFormat.Webp,
        };
        return ImageFiles.Encode(encoder, Width, Height, (x, y) => new SKColor((byte)(x * 3), (byte)(y * 6), (byte)(x + y)));
    }

    private static byte[] Turned(string format, byte[] stored, int orientation) => format switch
    {
        "JPEG" => ImageFiles.JpegTurned(stored, orientation),
        "PNG" => ImageFiles.PngTurned(stored, orientation),
        _ => ImageFiles.WebPTurned(stored, Width, Height, orientation),
    };
}
