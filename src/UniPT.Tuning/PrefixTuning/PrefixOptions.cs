namespace UniPT.Tuning.PrefixTuning;

/// <summary>What may be chosen about prefix tuning.</summary>
public sealed record PrefixOptions
{
    /// <summary>How many keys and values stand before those of the tokens in every attention.</summary>
    [OptionRange(1, 8192)]
    public int Length { get; init; } = 30;

    /// <summary>
    /// Width of the bottleneck of the network that makes keys and values of learned vectors; 0 learns keys and values
    /// themselves.
    /// </summary>
    [OptionRange(0, 8192)]
    public int Bottleneck { get; init; }
}
