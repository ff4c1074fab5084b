using UniPT.Tuning.Direct;

namespace UniPT.Tuning.Head;

/// <summary>What may be chosen about the projection on a frozen backbone.</summary>
public sealed record HeadOptions
{
    /// <summary>
    /// Indices of hidden states whose means are joined and projected to one token; an empty list projects every token of
    /// the last hidden state.
    /// </summary>
    [OptionRange(0, 1023)]
    public OptionList<int> Joined { get; init; } = [];

    /// <inheritdoc cref="DirectPathOptions"/>
    public DirectPathOptions Direct { get; init; } = new();
}
