using UniPT.Backbones.Media;
using UniPT.Tasks.Retrieval;
using UniPT.Tasks.Retrieval.Data;
using UniPT.Tasks.Retrieval.Inputs;
using UniPT.Testing;
using UniPT.Testing.Published;
using UniPT.Torch;

namespace UniPT.Tasks.Tests.Retrieval.Inputs;

public sealed class PictureLoaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ImageCaptionDataSet _set;

    public PictureLoaderTests()
    {
        RetrievalSample.WriteData(_folder.File("data"));
        _set = ImageCaptionDataSet.Open(_folder.File("data"), 1);
    }

    public void Dispose()
    {
        _set.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void BilinearIsOpenCvsWithoutAntialias()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RetrievalDataOptions options = new() { Path = "", ImageSize = 32, Resize = PictureResize.Bilinear };
        Tensor loaded = new PictureLoader(options, 1).Load(_set.Train, [3]);
        RgbImage picture = ImageDecoder.Decode(_set.Train.ReadImage(3), "picture");

        // Half-pixel centres, as OpenCV's INTER_LINEAR, of the red of one cell; 96 × 64 pixels.
        (double x, double y) = ((5.5 * 96 / 32) - 0.5, (20.5 * 64 / 32) - 0.5);
        (int left, int top) = ((int)x, (int)y);
        double upper = ((left + 1 - x) * Red(left, top)) + ((x - left) * Red(left + 1, top));
        double lower = ((left + 1 - x) * Red(left, top + 1)) + ((x - left) * Red(left + 1, top + 1));
        Assert.Equal(((top + 1 - y) * upper) + ((y - top) * lower), loaded[0, 0, 20, 5].ToSingle(), 1e-5);

        double Red(int column, int row) => picture.Pixels[((row * 96) + column) * 3] / 255.0;
    }

    /// <summary>A picture that comes with five captions in an epoch is five pictures.</summary>
    [Fact]
    public void EveryExampleIsVariedOnItsOwn()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var loader = new PictureLoader(new() { Path = "", ImageSize = 32, Augmentation = Augmentation.CropFlip }, 1);
        Tensor varied = loader.LoadAugmented(_set.Train, [0, 0, 0], [10, 11, 10], 0);
        Assert.Equal(varied[0].ToArray<float>(), varied[2].ToArray<float>());
        Assert.False(varied[0].allclose(varied[1]));
    }
}
