namespace UniPT.Backbones.T5;

/// <summary>What may be chosen about decoding token by token; the defaults are Hugging Face's.</summary>
public sealed record GenerationOptions
{
    /// <summary>Most tokens of an output, the start token counted.</summary>
    [OptionRange(2, 8192)]
    public int MaxLength { get; init; } = 20;

    /// <summary>Beginnings of each text that are kept beside each other; 1 takes the likeliest token every time (greedy).</summary>
    [OptionRange(1, 1024)]
    public int Beams { get; init; } = 1;

    /// <summary>The logarithm of an output's probability is divided by its length to the power of this: above 0 prefers longer ones. For several beams.</summary>
    [OptionRange(-10, 10)]
    public double LengthPenalty { get; init; } = 1;

    /// <summary>Whether a text is done as soon as it has as many whole outputs as beams, even if a better one might come.</summary>
    public bool EarlyStopping { get; init; }

    /// <summary>The id before the first one.</summary>
    [OptionRange(0, 1_000_000)]
    public int Start { get; init; }

    /// <summary>The id that ends an output.</summary>
    [OptionRange(0, 1_000_000)]
    public int End { get; init; } = 1;

    /// <summary>The id behind outputs that have ended.</summary>
    [OptionRange(0, 1_000_000)]
    public int Padding { get; init; }
}
