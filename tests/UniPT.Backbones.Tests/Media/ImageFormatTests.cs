using UniPT.Backbones.Media;

namespace UniPT.Backbones.Tests.Media;

public sealed class ImageFormatTests
{
    [Theory]
    [InlineData("\0\0\0\u001cftypavif\0\0\0\0mif1avifmiaf", "an AVIF picture")]
    [InlineData("\0\0\0\u001cftypmif1\0\0\0\0mif1avifmiaf", "an AVIF picture")]
    [InlineData("\0\0\0\u0018ftypheic\0\0\0\0mif1heic", "a HEIC picture")]
    [InlineData("\0\0\0\u0018ftypmif1\0\0\0\0mif1heic", "a HEIC picture")]
    [InlineData("II*\0\u0008\0\0\0\0\0\0\0", "a TIFF picture")]
    [InlineData("MM\0*\0\0\0\u0008\0\0\0\0", "a TIFF picture")]
    [InlineData("%PDF-1.7\n", "a PDF document")]
    [InlineData("\u00ff\u000a\0\0", "a JPEG XL picture")]
    [InlineData("\0\0\0\u000cjP  \u000d\u000a", "a JPEG 2000 picture")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing")]
    [InlineData("\u00ef\u00bb\u00bf\n<?xml version='1.0'?><!-- drawn --><svg/>", "an SVG drawing")]
    public void WhatIsNotSupportedIsRefusedByName(string content, string name)
    {
        byte[] bytes = [.. content.Select(character => (byte)character)];
        string message = Assert.Throws<UserException>(() => ImageDecoder.Decode(bytes, "photo")).Message;
        Assert.Equal($"photo is {name}, which is not supported; expected JPEG, PNG, WebP, GIF or BMP.", message);
    }

    [Theory]
    [InlineData("\0\0\0\u0018ftypisom\0\0\0\0isommp42")]
    [InlineData("<html><body/></html>")]
    [InlineData("RIFF\0\0\0\0WAVEfmt ")]
    [InlineData("\0\0\0\u0018ftyp")]
    [InlineData("<")]
    public void WhatIsNoPictureIsSaidToBeNone(string content)
    {
        byte[] bytes = [.. content.Select(character => (byte)character)];
        string message = Assert.Throws<UserException>(() => ImageDecoder.Decode(bytes, "file")).Message;
        Assert.Equal("file is not a picture; expected JPEG, PNG, WebP, GIF or BMP.", message);
    }
}
