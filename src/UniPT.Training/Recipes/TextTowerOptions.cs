namespace UniPT.Training.Recipes;

/// <summary>A pretrained text backbone and its vocabulary.</summary>
public sealed record TextTowerOptions : TowerOptions
{
    /// <summary>
    /// The tokenizer's vocabulary, a file or a folder with it: <c>vocab.txt</c> or <c>tokenizer.json</c> for <c>bert</c>, <c>vocab.json</c> with
    /// <c>merges.txt</c> or <c>tokenizer.json</c> for <c>roberta</c>, those or <c>bpe_simple_vocab_16e6.txt.gz</c> for <c>clip_text</c>.
    /// </summary>
    [OptionPath]
    public required string Vocabulary { get; init; }
}
