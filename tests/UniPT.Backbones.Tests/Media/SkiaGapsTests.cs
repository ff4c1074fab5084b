using System.Buffers.Binary;
using SkiaSharp;
using UniPT.Backbones.Media;

namespace UniPT.Backbones.Tests.Media;

/// <summary>Pictures that everybody else shows, and how.</summary>
public sealed class SkiaGapsTests
{
    /// <summary>Every depth of grey: 16 pixels a row, a level for each column; the second level is transparent.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    public void ATransparentGreyIsLaidOnWhite(int depth)
    {
        int levels = 1 << Math.Min(depth, 4);
        int[] values = [.. Enumerable.Range(0, 16).Select(x => depth <= 4 ? x % levels : x * ((1 << depth) - 1) / 15)];
        var row = new byte[16 * depth / 8];
        for (int x = 0; x < 16; x++)
        {
            for (int bit = 0; bit < depth; bit++)
            {
                int at = (x * depth) + bit;
                row[at / 8] |= (byte)(((values[x] >> (depth - 1 - bit)) & 1) << (7 - (at % 8)));
            }
        }

        byte[] key = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(key, (ushort)values[1]);
        RgbImage image = ImageDecoder.Decode(ImageFiles.GreyPng(16, 2, depth, [.. row, .. row], key), "grey");
        double largest = (1 << depth) - 1;
        for (int x = 0; x < 16; x++)
        {
            int expected = values[x] == values[1] ? 255 : (int)Math.Round(values[x] / largest * 255);
            Assert.InRange(image.Pixels[x * 3], expected - 1, expected + 1);
            Assert.Equal(image.Pixels[x * 3], image.Pixels[(16 + x) * 3]);
        }
    }

    [Fact]
    public void ABlackAndWhitePictureWithTransparentBlackIsWhite()
    {
        RgbImage image = ImageDecoder.Read(ImageFixtures.Path("grey1_key.png"));
        Assert.All(image.Pixels, value => Assert.Equal(255, value));
    }

    [Fact]
    public void AProfileThatCannotBeReadHidesNoPixel()
    {
        RgbImage image = ImageDecoder.Read(ImageFixtures.Path("icc_method1.png"));
        Assert.Equal((320, 240), (image.Width, image.Height));
    }

    [Theory]
    [InlineData("iCCP", "name\0\u0001rubbish")]
    [InlineData("iCCP", "")]
    [InlineData("eXIf", "MM")]
    [InlineData("zTXt", "key\0\u0005rubbish")]
    [InlineData("gAMA", "")]
    [InlineData("cHRM", "abc")]
    [InlineData("sBIT", "\0")]
    [InlineData("bKGD", "")]
    [InlineData("pHYs", "x")]
    public void ADamagedAncillaryChunkHidesNoPixel(string type, string data)
    {
        byte[] png = File.ReadAllBytes(ImageFixtures.Path("rgb.png"));
        byte[] damaged = ImageFiles.PngWith(png, type, System.Text.Encoding.Latin1.GetBytes(data));
        byte[] expected = ImageDecoder.Decode(png, "whole").Pixels;
        Assert.Equal(expected, ImageDecoder.Decode(damaged, "damaged").Pixels);
        damaged[33 + 8 + data.Length] ^= 1; // its checksum
        Assert.Equal(expected, ImageDecoder.Decode(damaged, "checksum").Pixels);
    }

    [Theory]
    [InlineData(0xE1, "Exif\0\0MM\0*\u00ff\u00ff\u00ff\u00ff")]
    [InlineData(0xE1, "Exif\0\0")]
    [InlineData(0xE2, "ICC_PROFILE\0\u0001\u0002rubbish")]
    [InlineData(0xE2, "ICC_PROFILE\0")]
    [InlineData(0xED, "Photoshop 3.0\08BIM")]
    [InlineData(0xFE, "")]
    public void ADamagedSegmentHidesNoPixel(int marker, string data)
    {
        byte[] jpeg = File.ReadAllBytes(ImageFixtures.Path("colour.jpg"));
        byte[] damaged = ImageFiles.JpegWith(jpeg, (byte)marker, System.Text.Encoding.Latin1.GetBytes(data));
        Assert.Equal(ImageDecoder.Decode(jpeg, "whole").Pixels, ImageDecoder.Decode(damaged, "damaged").Pixels);
    }

    [Theory]
    [InlineData("ICCP")]
    [InlineData("EXIF")]
    [InlineData("XMP ")]
    public void ADamagedChunkOfAWebPHidesNoPixel(string type)
    {
        byte[] webp = ImageFiles.WebPTurned(File.ReadAllBytes(ImageFixtures.Path("lossy.webp")), 25, 17, 1);
        byte[] expected = ImageDecoder.Decode(webp, "whole").Pixels;
        byte[] damaged = [.. webp[..30], .. System.Text.Encoding.ASCII.GetBytes(type), 4, 0, 0, 0, 1, 2, 3, 4, .. webp[30..]];
        damaged[20] |= type switch { "ICCP" => 0x20, "EXIF" => 0x08, _ => 0x04 };
        BinaryPrimitives.WriteInt32LittleEndian(damaged.AsSpan(4), damaged.Length - 8);
        Assert.Equal(expected, ImageDecoder.Decode(damaged, "damaged").Pixels);
    }

    /// <summary>Bytes 2 to 5 are the file's size, 34 to 37 the pixels'.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(54)]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    public void ABitmapIsShownWhateverItSaysOfItsSize(int size)
    {
        byte[] bitmap = File.ReadAllBytes(ImageFixtures.Path("plain.bmp"));
        byte[] expected = ImageDecoder.Decode(bitmap, "whole").Pixels;
        BinaryPrimitives.WriteInt32LittleEndian(bitmap.AsSpan(2), size);
        Assert.Equal(expected, ImageDecoder.Decode(bitmap, "file").Pixels);
        BinaryPrimitives.WriteInt32LittleEndian(bitmap.AsSpan(34), size);
        Assert.Equal(expected, ImageDecoder.Decode(bitmap, "both").Pixels);
        Assert.Throws<UserException>(() => ImageDecoder.Decode(bitmap.AsSpan(0, bitmap.Length / 2), "cut"));
    }

    /// <summary>A turn to the right, by every whole-number type of TIFF and in both byte orders.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(8)]
    [InlineData(9)]
    public void ATurnIsReadOfEveryType(byte type)
    {
        byte[] jpeg = ImageFiles.Plain(SKEncodedImageFormat.Jpeg, 40, 20);
        byte[] png = ImageFiles.Plain(SKEncodedImageFormat.Png, 40, 20);
        foreach (bool little in (bool[])[false, true])
        {
            var exif = new byte[26];
            Span<byte> tiff = exif;
            (little ? "II*\0"u8 : "MM\0*"u8).CopyTo(tiff);
            Write(tiff[4..], 4, 8);
            Write(tiff[8..], 2, 1);
            Write(tiff[10..], 2, 0x0112);
            Write(tiff[12..], 2, type);
            Write(tiff[14..], 4, 1);
            Write(tiff[18..], type switch { 1 or 6 => 1, 3 or 8 => 2, _ => 4 }, 6);
            Assert.Equal(20, ImageDecoder.Decode(ImageFiles.JpegWith(jpeg, 0xE1, [.. "Exif\0\0"u8, .. exif]), "jpeg").Width);
            Assert.Equal(20, ImageDecoder.Decode(ImageFiles.PngWith(png, "eXIf", exif), "png").Width);

            void Write(Span<byte> place, int width, int value)
            {
                for (int i = 0; i < width; i++)
                {
                    place[little ? i : width - 1 - i] = (byte)(value >> (8 * i));
                }
            }
        }
    }
}
