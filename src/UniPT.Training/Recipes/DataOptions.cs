namespace UniPT.Training.Recipes;

/// <summary>The data set and how its pictures and captions are fed.</summary>
public sealed record DataOptions
{
    /// <summary>Folder or zip with pictures and captions.</summary>
    [OptionPath]
    public required string Path { get; init; }

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

    /// <summary>Whether pictures that cannot be decoded are left out with a notice; otherwise they are refused by name.</summary>
    public bool SkipBad { get; init; }

    /// <summary>
    /// Chance that a word of a training caption is varied, drawn anew every epoch, as VSE∞ does: one half of these become mask tokens, a tenth random ones, and the
    /// rest is left out. Needs a vocabulary with a mask token, such as BERT's.
    /// </summary>
    [OptionRange(0, 0.9)]
    public double CaptionWordDrop { get; init; }

    /// <summary>Threads that decode pictures, ahead of training and to check them before it.</summary>
    [OptionRange(1, 64)]
    public int Workers { get; init; } = 2;
}
