namespace UniPT.Backbones.Tokenizers;

/// <summary>A text, or two that are read together, as a backbone reads them.</summary>
/// <param name="Ids">The token ids.</param>
/// <param name="IsCut">Whether the text has more than those.</param>
public readonly record struct TokenizedText(int[] Ids, bool IsCut)
{
    /// <summary>Which of two texts, 0 or 1, each token belongs to; null where the backbone is not told.</summary>
    public int[]? Segments { get; init; }
}
