namespace UniPT.Tuning.Full;

/// <summary>What may be chosen about full fine-tuning.</summary>
public sealed record FullOptions
{
    /// <inheritdoc cref="Head.HeadOptions.Joined"/>
    [OptionRange(0, 1023)]
    public OptionList<int> Joined { get; init; } = [];
}
