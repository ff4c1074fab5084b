using UniPT.Backbones.Media;
using UniPT.Torch;

namespace UniPT.Backbones.Tests.Media;

public sealed class VideoSamplingTests
{
    /// <summary>What NumPy gives for <c>linspace(0, taken - 1, num=most, dtype=int)</c>.</summary>
    [Theory]
    [InlineData(13, 12, "0 1 2 3 4 5 6 7 8 9 10 12")]
    [InlineData(20, 12, "0 1 3 5 6 8 10 12 13 15 17 19")]
    [InlineData(33, 12, "0 2 5 8 11 14 17 20 23 26 29 32")]
    [InlineData(12, 12, "0 1 2 3 4 5 6 7 8 9 10 11")]
    [InlineData(3, 12, "0 1 2")]
    [InlineData(9, 1, "0")]
    [InlineData(0, 12, "")]
    public void EvenlySpacedFrames(int taken, int most, string expected) => Assert.Equal(expected, string.Join(' ', new VideoSampling(1, most).Of(taken)));

    [Fact]
    public void TheShorterSideIsResizedAndTheMiddleCutOut()
    {
        // 4 × 2 pixels whose columns are 0, 100, 200 and 250: of twice the size the middle half is left.
        byte[] columns = [0, 100, 200, 250];
        var image = new RgbImage(4, 2, [.. Enumerable.Range(0, 2).SelectMany(_ => columns).SelectMany(value => Enumerable.Repeat(value, 3))]);
        float[] same = ImageTransforms.ShortSide(image, 2).ToArray<float>();
        Assert.All(Enumerable.Range(0, 12), i => Assert.Equal(columns[1 + (i % 2)] / 255f, same[i], 1e-6));
        var tall = new RgbImage(2, 4, [.. columns.SelectMany(value => Enumerable.Repeat(value, 6))]);
        float[] rows = ImageTransforms.ShortSide(tall, 2).ToArray<float>();
        Assert.All(Enumerable.Range(0, 12), i => Assert.Equal(columns[1 + (i / 2 % 2)] / 255f, rows[i], 1e-6));
        Assert.Equal([3, 5, 5], ImageTransforms.ShortSide(image, 5).shape);
    }
}
