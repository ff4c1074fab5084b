namespace UniPT.Tuning.Partial;

/// <summary>What may be chosen about partial fine-tuning.</summary>
public sealed record PartialOptions
{
    /// <summary>How many of the backbone's blocks train, counted from the last one.</summary>
    [OptionRange(1, 1024)]
    public int Blocks { get; init; } = 1;
}
