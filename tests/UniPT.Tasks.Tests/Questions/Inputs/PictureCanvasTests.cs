using UniPT.Backbones.Media;
using UniPT.Tasks.Questions.Inputs;
using UniPT.Torch;

namespace UniPT.Tasks.Tests.Questions.Inputs;

public sealed class PictureCanvasTests
{
    private static readonly PictureCanvas Published = new(384, 640);

    /// <summary>By the published rule: the short side 384, or round(640 · short / long) where the long one would be more than 640, which then is a whole number below.</summary>
    [Theory]
    [InlineData(480, 640, 384, 512)]
    [InlineData(640, 480, 512, 384)]
    [InlineData(500, 375, 512, 384)]
    [InlineData(300, 300, 384, 384)]
    [InlineData(384, 512, 384, 512)]
    [InlineData(200, 400, 320, 640)]
    [InlineData(333, 1000, 213, 639)]
    [InlineData(2, 1000, 1, 500)]
    [InlineData(1000, 1, 1000, 1)]
    public void SizesOnTheCanvas(int height, int width, int newHeight, int newWidth)
    {
        Assert.Equal((newHeight, newWidth), Published.Fitted(height, width));
    }

    /// <summary>Centred on black; of an odd rest the left and the top get the pixel.</summary>
    [Theory]
    [InlineData(4, 9, 0, 1)]
    [InlineData(9, 4, 1, 0)]
    [InlineData(4, 4, 3, 0)]
    [InlineData(1, 11, 2, 0)] // a pixel too wide
    public void PicturesAreCentred(int height, int width, int top, int left)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var canvas = new PictureCanvas(4, 10);
        Tensor bytes = canvas.Empty(1, tall: width <= height).select(0, 0);
        canvas.Draw(new RgbImage(width, height, [.. Enumerable.Repeat((byte)200, 3 * width * height)]), bytes);
        (int across, int down) = (Math.Min(width, (int)bytes.size(2)), height);
        byte[] values = bytes.select(0, 2).contiguous().ToArray<byte>();
        for (int i = 0; i < values.Length; i++)
        {
            (int y, int x) = Math.DivRem(i, (int)bytes.size(2));
            Assert.Equal(y >= top && y < top + down && x >= left && x < left + across ? 200 : 0, values[i]);
        }

        Assert.Equal(width <= height ? [3, 10, 4] : [3, 4, 10], bytes.shape);
    }

    /// <summary>Of a picture that is made half as large each pixel is a mean of its neighbourhood, in whole bytes as Pillow has them.</summary>
    [Fact]
    public void PicturesAreResizedWithAntialias()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var canvas = new PictureCanvas(4, 8);
        Tensor bytes = canvas.Empty(1, tall: false).select(0, 0);
        byte[] stripes = [.. Enumerable.Range(0, 8 * 16).SelectMany(i => Enumerable.Repeat((byte)(i % 2 == 0 ? 0 : 255), 3))];
        canvas.Draw(new RgbImage(16, 8, stripes), bytes);
        byte[] middle = bytes.select(0, 0).select(0, 2).narrow(0, 2, 4).contiguous().ToArray<byte>();
        Assert.All(middle, value => Assert.InRange(value, 126, 129));
    }
}
