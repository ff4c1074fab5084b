using UniPT.Backbones.Pretrained;

namespace UniPT.Training.Recipes;

/// <summary>A pretrained text backbone and its vocabulary.</summary>
public sealed record TextTowerOptions : TowerOptions
{
    /// <summary>
    /// The tokenizer's vocabulary: a file, a folder with one, or a model that <c>unipt models</c> lists; null for the one that lies beside the weights.
    /// </summary>
    [OptionPath(OrModel = true)]
    public string? Vocabulary { get; init; }

    /// <summary>The file or folder with the vocabulary.</summary>
    /// <exception cref="UserException">It is a model's that cannot be fetched.</exception>
    internal string VocabularyPlace => PretrainedModels.VocabularyOf(Vocabulary ?? (PretrainedModels.Find(Weights) is null ? Path.GetDirectoryName(Weights)! : Weights));
}
