namespace UniPT.Training.Recipes;

/// <summary>A pretrained text backbone and its vocabulary.</summary>
public sealed record TextTowerOptions : TowerOptions
{
    /// <summary>The tokenizer's vocabulary.</summary>
    [OptionPath]
    public required string Vocabulary { get; init; }
}
