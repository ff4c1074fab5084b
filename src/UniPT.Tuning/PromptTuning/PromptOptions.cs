namespace UniPT.Tuning.PromptTuning;

/// <summary>What may be chosen about prompt tuning.</summary>
public sealed record PromptOptions
{
    /// <summary>How many vectors stand in front of every sequence; they take positions from it.</summary>
    [OptionRange(1, 8192)]
    public int Length { get; init; } = 20;
}
