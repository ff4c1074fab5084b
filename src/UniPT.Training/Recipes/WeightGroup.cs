namespace UniPT.Training.Recipes;

/// <summary>A group of trained weights with rules of its own.</summary>
public sealed record WeightGroup
{
    /// <summary>
    /// Patterns of the weights' names, of which one must match the whole name; * stands for any characters. Names are those of a
    /// checkpoint, those of backbones behind image_backbone. or text_backbone. A weight belongs to the first group that matches it.
    /// </summary>
    public OptionList<string> Match { get; init; } = [];

    /// <summary>Factor on train.learning_rate, in place of any other; empty for what the weights would have without the group.</summary>
    [OptionRange(0, 10_000)]
    public double? LearningRateFactor { get; init; }

    /// <summary>Weight decay in place of train.weight_decay; empty for that.</summary>
    [OptionRange(0, 10)]
    public double? WeightDecay { get; init; }
}
