namespace UniPT.Tuning.UniPT.Forms;

/// <summary>How the pixels of maps are brought to the anchor's cells before the interaction with the anchor.</summary>
public enum PreInteraction
{
    /// <summary>By the mean of each cell and by similarity with the anchor's cell, in equal parts; published.</summary>
    Similarity,

    /// <summary>By the mean of each cell.</summary>
    Mean,

    /// <summary>
    /// Not at all: the anchor's cells interact with every pixel, and no residual is added, because pixels and cells do not
    /// stand at the same places.
    /// </summary>
    None,
}
