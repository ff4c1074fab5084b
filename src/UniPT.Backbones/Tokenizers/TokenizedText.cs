namespace UniPT.Backbones.Tokenizers;

/// <summary>A text as a backbone reads it.</summary>
/// <param name="Ids">Its token ids.</param>
/// <param name="IsCut">Whether the text has more than those.</param>
public readonly record struct TokenizedText(int[] Ids, bool IsCut);
