using UniPT.Backbones.Media;
using UniPT.Tasks.Grounding;
using UniPT.Tasks.Grounding.Drawing;

namespace UniPT.Tasks.Tests.Grounding.Drawing;

public sealed class BoxDrawingTests
{
    [Fact]
    public void TheFirstBoxIsRedTheRightOneGreenAndAllElseStays()
    {
        const int Width = 60;
        const int Height = 40;
        byte[] grey = new byte[3 * Width * Height];
        Array.Fill(grey, (byte)128);
        byte[] png = BoxDrawing.Png(new RgbImage(Width, Height, grey), [new PixelBox(10, 10, 30, 30), new PixelBox(2, 2, 57, 38)], new PixelBox(40, 5, 55, 35));
        RgbImage drawn = ImageDecoder.Decode(png, "drawn");
        Assert.Equal((Width, Height), (drawn.Width, drawn.Height));
        Assert.Equal((220, 30, 30), At(20, 10));
        Assert.Equal((30, 160, 60), At(40, 20));
        Assert.Equal((128, 128, 128), At(20, 20));
        (int red, int green, int _) = At(2, 20);
        Assert.True(red > green, "the second box is drawn too");

        (int, int, int) At(int x, int y)
        {
            int place = ((y * Width) + x) * 3;
            return (drawn.Pixels[place], drawn.Pixels[place + 1], drawn.Pixels[place + 2]);
        }
    }
}
