namespace UniPT.Tasks.Sounds;

/// <summary>Classification of recordings: pooled features, dropout and a linear map.</summary>
public sealed record SoundsOptions
{
    /// <summary>Share of the pooled features that is left out at random while training.</summary>
    [OptionRange(0, 0.9)]
    public double Dropout { get; init; } = 0.1;

    /// <summary>Share of a label's weight in the loss that all labels get in equal parts.</summary>
    [OptionRange(0, 0.9)]
    public double LabelSmoothing { get; init; }
}
