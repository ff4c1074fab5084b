using UniPT.Reports.Figures;

namespace UniPT.Reports.Tests.Figures;

public sealed class PictureTests
{
    [Theory]
    [InlineData("89504E470D0A1A0A", "image/png")]
    [InlineData("FFD8FFE0", "image/jpeg")]
    [InlineData("474946383961", "image/gif")]
    [InlineData("424D0000", "image/bmp")]
    [InlineData("524946460000000057454250", "image/webp")]
    [InlineData("52494646000000005741", "application/octet-stream")]
    [InlineData("3C737667", "application/octet-stream")]
    [InlineData("", "application/octet-stream")]
    public void The_content_tells_the_media_type(string bytes, string expected) =>
        Assert.Equal(expected, Picture.Of("mislabelled.png", Convert.FromHexString(bytes)).MediaType);
}
