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

    /// <summary>Centred on black; of an odd rest the left gets the pixel.</summary>
    [Theory]
    [InlineData(4, 9, false, 2, 6, 1, 10)]
    [InlineData(9, 4, true, 1, 10, 2, 6)]
    [InlineData(4, 4, true, 3, 7, 0, 4)]
    public void PicturesAreCentred(int height, int width, bool tall, int top, int bottom, int left, int right)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var canvas = new PictureCanvas(8, 10);
        Tensor bytes = new PictureCanvas(4, 10).Empty(1, tall);
        var small = new PictureCanvas(4, 10);
        Tensor drawn = (tall, height == width) switch
        {
            _ => Draw(small, height, width, bytes),
        };
        long rows = drawn.size(1);
        for (int y = 0; y < rows; y++)
        {
            for (int x = 0; x < drawn.size(2); x++)
            {
                bool inside = y >= top && y < bottom && x >= left && x < right;
                Assert.Equal(inside ? 200 : 0, drawn[1, y, x].item<byte>());
            }
        }

        Assert.Equal((10, 8), canvas.Size(tall: true));
    }
}
