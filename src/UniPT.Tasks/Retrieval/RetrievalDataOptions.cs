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

/// <summary>A folder or zip with pictures and captions, and how they are fed.</summary>
public sealed record RetrievalDataOptions : DataOptions
{
    /// <summary>Side of the square that pictures are resized to, in pixels.</summary>
    [OptionRange(32, 1024, MultipleOf = 32)]
    public int ImageSize { get; init; } = 224;

    /// <summary>Which captions of a picture an epoch sees.</summary>
    public CaptionUse Captions { get; init; } = CaptionUse.Sample;

    /// <summary>How training pictures are varied.</summary>
    public Augmentation Augmentation { get; init; } = Augmentation.None;

    /// <summary>Smallest share of a picture's area that crop_flip keeps.</summary>
    [OptionRange(0.01, 1)]
    public double CropMin { get; init; } = 0.6;

    /// <summary>
    /// Chance that a word of a training caption is varied, drawn anew every epoch, as VSE∞ does: one half of these become mask tokens, a tenth random ones, and the
    /// rest is left out. Needs a vocabulary with a mask token, such as BERT's.
    /// </summary>
    [OptionRange(0, 0.9)]
    public double CaptionWordDrop { get; init; }
}
