namespace UniPT.Training.Recipes;

/// <summary>A group of trained weights with rules of its own.</summary>
public sealed record WeightGroup
{
    /// <summary>
    /// Patterns of the names of trained weights, of which one must match the whole name; * stands for any characters. Names are those of
    /// a checkpoint, those of a backbone behind its name, as in image_backbone. and text_backbone. A weight belongs to the first group that matches it, and
    /// a group without weights is an error unless it is optional. BERT's rule, no decay of biases and norms, is a group of ["*bias", "*norm*"] with
    /// weight_decay 0.
    /// </summary>
    public required OptionList<string> Match { get; init; }

    /// <summary>Factor on train.learning_rate, in place of any other; empty for what the weights would have without the group.</summary>
    [OptionRange(0, 10_000)]
    public double? LearningRateFactor { get; init; }

    /// <summary>
    /// Epoch, counted from 0, at whose start the group begins to train; before, its weights stay as they are, as those of the backbones in the first epoch of VSE∞'s full
    /// fine-tuning.
    /// </summary>
    [OptionRange(0, 100_000)]
    public int FromEpoch { get; init; }

    /// <summary>Whether the group may be without weights, in a recipe whose method may be one that trains none of these.</summary>
    public bool Optional { get; init; }

    /// <summary>Weight decay in place of train.weight_decay; empty for that.</summary>
    [OptionRange(0, 10)]
    public double? WeightDecay { get; init; }
}
