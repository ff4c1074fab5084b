using UniPT.Backbones.Media;

namespace UniPT.Tasks.Shared.Inputs;

/// <summary>A picture of which adapters keep what a model makes.</summary>
internal static class ProbePicture
{
    /// <summary>A red disc on white with a grey gradient beside it.</summary>
    /// <param name="width">Pixels across.</param>
    /// <param name="height">Pixels down.</param>
    internal static RgbImage Of(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                bool disc = ((x - 30) * (x - 30)) + ((y - 30) * (y - 30)) < 400;
                byte grey = (byte)(x < 60 ? 255 : y * 4);
                int at = ((y * width) + x) * 3;
                pixels[at] = disc ? (byte)220 : grey;
                pixels[at + 1] = disc ? (byte)20 : grey;
                pixels[at + 2] = disc ? (byte)30 : grey;
            }
        }

        return new RgbImage(width, height, pixels);
    }
}
