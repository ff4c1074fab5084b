using UniPT.Tasks.Shared.Inputs;
using UniPT.Training.Recipes;

namespace UniPT.Tasks.Retrieval;

/// <summary>How training pictures are varied.</summary>
public enum Augmentation
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Mirrored left to right with a chance of one half.</summary>
    Flip,

    /// <summary>A random part of the picture, then mirrored with a chance of one half.</summary>
    CropFlip,
}

/// <summary>How pictures are brought to the size that the backbone reads.</summary>
public enum PictureResize
{
    /// <summary>Bicubic with antialias, as Pillow does it.</summary>
    BicubicAntialias,

    /// <summary>Bilinear without antialias, as OpenCV and so VSE∞ do it.</summary>
    Bilinear,
}

/// <summary>
/// Pictures and captions in a folder, a zip or a published format (VSE∞'s <c>precomp</c>, with pictures or regions, or Karpathy's JSON), and how they are fed.
/// </summary>
public sealed record RetrievalDataOptions : DataOptions
{
    /// <summary>Where the pictures of a published data set are looked for that are not in its own folder; null for nowhere.</summary>
    [OptionPath]
    public string? Images { get; init; }

    /// <summary>Side of the square that pictures are resized to, in pixels.</summary>
    [OptionRange(32, 1024, MultipleOf = 32)]
    public int ImageSize { get; init; } = 224;

    /// <summary>How pictures are brought to that size. Their sides are not kept in proportion.</summary>
    public PictureResize Resize { get; init; } = PictureResize.BicubicAntialias;

    /// <summary>Which captions of a picture an epoch sees.</summary>
    public CaptionUse Captions { get; init; } = CaptionUse.Sample;

    /// <summary>How training pictures are varied.</summary>
    public Augmentation Augmentation { get; init; } = Augmentation.None;

    /// <summary>Smallest share of a picture's width and height that crop_flip keeps; the share is drawn anew for every example.</summary>
    [OptionRange(0.01, 1)]
    public double CropMin { get; init; } = 0.6;

    /// <summary>
    /// Chance that a word of a training caption is varied, drawn anew every epoch, as VSE∞ does: one half of these become mask tokens, a tenth random ones, and the
    /// rest is left out. Needs a vocabulary with a mask token, such as BERT's.
    /// </summary>
    [OptionRange(0, 0.9)]
    public double CaptionWordDrop { get; init; }

    /// <summary>Chance that a region of a training picture is left out, for the architecture <c>regions</c>; VSE∞'s is 0.2.</summary>
    [OptionRange(0, 0.9)]
    public double RegionDrop { get; init; }

    /// <summary>
    /// Captions of the validation split that are used, with their pictures from the first on; 0 for all. VSE∞ takes 5,000, so that 14 of the 1,014 pictures of Flickr30K are
    /// never looked at.
    /// </summary>
    [OptionRange(0, 10_000_000)]
    public int ValCaptions { get; init; }

    /// <summary>
    /// Equal parts of the test split, pictures that follow each other, whose figures are averaged beside those of the whole: MS-COCO 1K is five parts of 5K. 1 for none; null
    /// for five of a split of 5,000 pictures and none of others. Where it does not divide the split, there are none.
    /// </summary>
    [OptionRange(1, 1000)]
    public int? Folds { get; init; }
}
