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

    /// <summary>
    /// Whether training starts from the directions in which pictures and captions correlate most (regularised canonical
    /// correlation analysis of the training split), with everything beside the path silent.
    /// </summary>
    public bool CorrelationStart { get; init; } = true;

    /// <summary>Ridge of the picture side of that analysis, in mean eigenvalues.</summary>
    [OptionRange(1e-6, 1000)]
    public double ImageRidge { get; init; } = 0.3;

    /// <summary>Ridge of its caption side, in mean eigenvalues.</summary>
    [OptionRange(1e-6, 1000)]
    public double TextRidge { get; init; } = 0.3;
}
