using UniPT.Backbones.Pretrained;

namespace UniPT.Training.Recipes;

/// <summary>A pretrained text backbone and its vocabulary.</summary>
public sealed record TextTowerOptions : TowerOptions
{
    /// <summary>
    /// The tokenizer's vocabulary, a file or a folder with it: <c>vocab.txt</c> or <c>tokenizer.json</c> for <c>bert</c>, <c>vocab.json</c> with
    /// <c>merges.txt</c> or <c>tokenizer.json</c> for <c>roberta</c>, those or <c>bpe_simple_vocab_16e6.txt.gz</c> for <c>clip_text</c>. Or a model that
    /// <c>unipt models</c> lists. Null for the one that lies beside the weights.
    /// </summary>
    [OptionPath(OrModel = true)]
    public string? Vocabulary { get; init; }

    /// <summary>The file or folder with the vocabulary.</summary>
    /// <exception cref="UserException">It is a model's that cannot be fetched.</exception>
    internal string VocabularyPlace => PretrainedModels.VocabularyOf(Vocabulary ?? (PretrainedModels.Find(Weights) is null ? Path.GetDirectoryName(Weights)! : Weights));
}
