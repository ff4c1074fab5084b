namespace UniPT.Training.Recipes;

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
