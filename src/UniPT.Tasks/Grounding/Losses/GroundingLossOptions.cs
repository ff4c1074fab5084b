namespace UniPT.Tasks.Grounding.Losses;

/// <summary>What the parts of MDETR's loss and of its matching count; the defaults are the published ones.</summary>
public sealed record GroundingLossOptions
{
    /// <summary>What the entropy of the tokens counts.</summary>
    [OptionRange(0, 1000)]
    public double TokenWeight { get; init; } = 1;

    /// <summary>What the distance of the boxes counts.</summary>
    [OptionRange(0, 1000)]
    public double BoxWeight { get; init; } = 5;

    /// <summary>What the generalised intersection over union counts.</summary>
    [OptionRange(0, 1000)]
    public double OverlapWeight { get; init; } = 2;

    /// <summary>What the alignment of queries and tokens counts.</summary>
    [OptionRange(0, 1000)]
    public double AlignmentWeight { get; init; } = 1;

    /// <summary>What a query without a box counts in the entropy of the tokens, beside 1 for one with a box.</summary>
    [OptionRange(0, 1)]
    public double NoObject { get; init; } = 0.1;

    /// <summary>What similarities of queries and tokens are divided by.</summary>
    [OptionRange(1e-3, 100)]
    public double Temperature { get; init; } = 0.07;

    /// <summary>What the probability of the right tokens counts when queries are matched with boxes.</summary>
    [OptionRange(0, 1000)]
    public double TokenCost { get; init; } = 1;

    /// <summary>What the distance counts there.</summary>
    [OptionRange(0, 1000)]
    public double BoxCost { get; init; } = 5;

    /// <summary>What the generalised intersection over union counts there.</summary>
    [OptionRange(0, 1000)]
    public double OverlapCost { get; init; } = 2;
}
