using UniPT.Tuning.Direct;

namespace UniPT.Tuning.UniPT;

/// <summary>What may be chosen about Universal Parallel Tuning. The defaults are the published VSE∞ form.</summary>
public sealed record UniPTOptions
{
    /// <summary>Width m of the parallel network.</summary>
    [OptionRange(1, 8192)]
    public int Width { get; init; } = 512;

    /// <summary>What is added to the sums of the L1 normalisations.</summary>
    [OptionRange(1e-16, 1)]
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>
    /// Whether hidden states are standardised by channel, with statistics of the training split, before the parallel
    /// network reads them; not part of the published form.
    /// </summary>
    public bool StandardiseInputs { get; init; }

    /// <inheritdoc cref="DirectPathOptions"/>
    public DirectPathOptions Direct { get; init; } = new();
}
