using UniPT.Tasks.Randomness;
using UniPT.Tasks.Retrieval.Data;
using UniPT.Torch;
using UniPT.Backbones.Media;
using UniPT.Training.Recipes;

namespace UniPT.Training.Retrieval;

/// <summary>Decodes pictures to the image backbone's input; used by several threads at once.</summary>
internal sealed class PictureLoader(DataOptions options, long seed)
{
    private const long AugmentationStream = 1L << 40;

    /// <summary>Pictures as they are, <c>[B, 3, size, size]</c> in [0, 1]; the caller owns the tensor.</summary>
    internal Tensor Load(ImageCaptionSplit split, IReadOnlyList<int> pictures) =>
        Stack(pictures, picture => Resize(Decode(split, picture)));

    /// <summary>Pictures varied as the recipe says, as a function of the seed, the epoch and the picture.</summary>
    internal Tensor LoadAugmented(ImageCaptionSplit split, IReadOnlyList<int> pictures, int epoch) =>
        Stack(pictures, picture => Augment(Decode(split, picture), epoch, picture));

    /// <summary>A single decoded picture, <c>[3, size, size]</c>, in the current scope.</summary>
    internal Tensor Prepare(RgbImage picture)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(Resize(ImageTransforms.ToTensor(picture)));
    }

    private static Tensor Decode(ImageCaptionSplit split, int picture) =>
        ImageTransforms.ToTensor(ImageDecoder.Decode(split.ReadImage(picture), split.Images[picture].Name));

    private static Tensor Stack(IReadOnlyList<int> pictures, Func<int, Tensor> load)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        return TorchErrors.Explain(() => torch.stack([.. pictures.Select(load)])).DetachFromDisposeScope();
    }

    private Tensor Augment(Tensor picture, int epoch, int index)
    {
        if (options.Augmentation == Augmentation.None)
        {
            return Resize(picture);
        }

        var random = new CounterRandom(seed, epoch, AugmentationStream + index);
        if (options.Augmentation == Augmentation.CropFlip)
        {
            double share = options.CropMin + ((1 - options.CropMin) * random.NextDouble());
            int height = Math.Max(1, (int)(share * picture.size(1)));
            int width = Math.Max(1, (int)(share * picture.size(2)));
            int top = random.Next((int)picture.size(1) - height + 1);
            int left = random.Next((int)picture.size(2) - width + 1);
            picture = ImageTransforms.Crop(picture, top, left, height, width);
        }

        picture = Resize(picture);
        return random.NextDouble() < 0.5 ? ImageTransforms.HorizontalFlip(picture) : picture;
    }

    private Tensor Resize(Tensor picture) =>
        ImageTransforms.Resize(picture, options.ImageSize, options.ImageSize, Interpolation.Bicubic, antialias: true);
}
