namespace UniPT.Tuning.Direct;

/// <summary>A linear path from the backbone's pooled hidden states to the output; not part of any published form.</summary>
public sealed record DirectPathOptions
{
    /// <summary>Whether there is one.</summary>
    public bool Enabled { get; init; }

    /// <summary>Share of the standardised inputs that are left out at random while training.</summary>
    [OptionRange(0, 0.9)]
    public double Dropout { get; init; }

    /// <summary>Factor on the learning rate of the path, which may learn faster than what is beside it.</summary>
    [OptionRange(0, 1000)]
    public double RateFactor { get; init; } = 1;
}
