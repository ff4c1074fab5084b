using UniPT.Backbones.Media;
using UniPT.Torch;

namespace UniPT.Tasks.Questions.Inputs;

/// <summary>
/// Pictures on canvases of two shapes, as Clip-ViL's published code prepares them: of a picture the shorter side becomes <paramref name="shortSide"/>, or less where the longer one would not fit;
/// it is centred on a black canvas, upright for pictures that are at least as high as wide, across for others. Resized as Pillow does it (bilinear), up to rounding.
/// </summary>
/// <param name="shortSide">Pixels of the canvas's shorter side.</param>
/// <param name="longSide">Pixels of its longer side.</param>
internal sealed class PictureCanvas(int shortSide, int longSide)
{
    private const float White = 255;

    // A picture that comes this much larger than needed is decoded smaller where its format can, and the filter does the rest.
    private const int Oversampling = 2;

    /// <summary>Height and width of the canvas of tall pictures or of others.</summary>
    internal (int Height, int Width) Size(bool tall) => tall ? (longSide, shortSide) : (shortSide, longSide);

    /// <summary>An empty batch of canvases, bytes <c>[count, 3, H, W]</c>, black.</summary>
    internal Tensor Empty(int count, bool tall)
    {
        (int height, int width) = Size(tall);
        return torch.zeros([count, 3, height, width], ScalarType.Byte);
    }

    /// <summary>Decodes a picture and puts it on a canvas of a batch.</summary>
    /// <param name="file">The picture's file.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="canvas">Bytes <c>[3, H, W]</c> of the picture's shape.</param>
    /// <exception cref="UserException">It cannot be decoded.</exception>
    internal void Draw(byte[] file, string name, Tensor canvas) => ImageDecoder.Decode(file, name, image => Draw(image, canvas), Oversampling * shortSide);

    /// <summary>Puts a decoded picture on a canvas.</summary>
    internal bool Draw(RgbImage image, Tensor canvas)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        (int height, int width) = Fitted(image.Height, image.Width);
        Tensor resized = height == image.Height && width == image.Width
            ? ImageTransforms.ToTensor(image)
            : ImageTransforms.Resize(image, height, width, Interpolation.Bilinear, antialias: true);
        Tensor bytes = resized.mul(Scalars.Of(White)).round_().to(ScalarType.Byte);

        // Of an odd rest the left and the top get one more; a pixel more than the canvas has is cut off.
        (long down, long across) = (Math.Min(height, canvas.size(1)), Math.Min(width, canvas.size(2)));
        (long top, long left) = ((canvas.size(1) - down + 1) / 2, (canvas.size(2) - across + 1) / 2);
        canvas.narrow(1, top, down).narrow(2, left, across).copy_(bytes.narrow(1, 0, down).narrow(2, 0, across));
        return true;
    }

    /// <summary>Height and width of a picture on its canvas.</summary>
    internal (int Height, int Width) Fitted(int height, int width)
    {
        (int least, int most) = (Math.Min(height, width), Math.Max(height, width));
        int target = most / (double)least * shortSide > longSide ? Math.Max(1, (int)Math.Round(longSide * (double)least / most, MidpointRounding.ToEven)) : shortSide;
        int other = (int)((long)target * most / least);
        return height <= width ? (target, other) : (other, target);
    }
}
