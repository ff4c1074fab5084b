using UniPT.Backbones.Media;
using UniPT.Tasks.Retrieval.Data;
using UniPT.Torch;
using UniPT.Torch.Randomness;

namespace UniPT.Tasks.Retrieval.Inputs;

/// <summary>Decodes pictures to the image backbone's input; used by several threads at once.</summary>
internal sealed class PictureLoader(RetrievalDataOptions options, long seed)
{
    private const long AugmentationStream = 1L << 40;

    // A picture that comes this much larger than needed is decoded smaller where its format can, and the filter does the rest.
    private const int Oversampling = 2;

    // OpenCV's filter does not average what it skips, so that only pictures of full size give what it gives.
    private int? LeastSide => options.Resize == PictureResize.Bilinear
        ? null
        : (int)Math.Ceiling(Oversampling * options.ImageSize / (options.Augmentation == Augmentation.CropFlip ? options.CropMin : 1));

    /// <summary>Pictures as they are, <c>[B, 3, size, size]</c> in [0, 1]; the caller owns the tensor.</summary>
    internal Tensor Load(ImageCaptionSplit split, IReadOnlyList<int> pictures) =>
        Stack(split, pictures, (image, _) => Resize(image));

    /// <summary>Pictures varied as the recipe says, as a function of the seed, the epoch and the example.</summary>
    internal Tensor LoadAugmented(ImageCaptionSplit split, IReadOnlyList<int> pictures, IReadOnlyList<int> examples, int epoch) =>
        Stack(split, pictures, (image, place) => Augment(image, epoch, examples[place]));

    /// <summary>A single decoded picture, <c>[3, size, size]</c>, in the current scope.</summary>
    internal Tensor Prepare(RgbImage picture) => Resize(picture);

    private Tensor Stack(ImageCaptionSplit split, IReadOnlyList<int> pictures, Func<RgbImage, int, Tensor> load)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        return TorchErrors.Explain(() => torch.stack([.. pictures.Select(Loaded)])).DetachFromDisposeScope();

        // Resized while it is counted among the pictures that are in memory at once.
        Tensor Loaded(int picture, int place) =>
            ImageDecoder.Decode(split.ReadImage(picture), split.Images[picture].Name, image => load(image, place), LeastSide);
    }

    private Tensor Augment(RgbImage image, int epoch, int example)
    {
        if (options.Augmentation == Augmentation.None)
        {
            return Resize(image);
        }

        var random = new CounterRandom(seed, epoch, AugmentationStream + example);
        ImageRegion? region = null;
        if (options.Augmentation == Augmentation.CropFlip)
        {
            double share = options.CropMin + ((1 - options.CropMin) * random.NextDouble());
            int height = Math.Max(1, (int)(share * image.Height));
            int width = Math.Max(1, (int)(share * image.Width));
            int top = random.Next(image.Height - height + 1);
            int left = random.Next(image.Width - width + 1);
            region = new ImageRegion(top, left, height, width);
        }

        using DisposeScope scope = torch.NewDisposeScope();
        Tensor resized = Resize(image, region);
        return scope.MoveToOuter(random.NextDouble() < 0.5 ? ImageTransforms.HorizontalFlip(resized) : resized);
    }

    private Tensor Resize(RgbImage image, ImageRegion? region = null) => options.Resize == PictureResize.Bilinear
        ? ImageTransforms.Resize(image, options.ImageSize, options.ImageSize, Interpolation.Bilinear, antialias: false, region)
        : ImageTransforms.Resize(image, options.ImageSize, options.ImageSize, Interpolation.Bicubic, antialias: true, region);
}
