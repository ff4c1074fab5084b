namespace UniPT.Tuning.Sherl;

/// <summary>What may be chosen about SHERL.</summary>
public sealed record SherlOptions
{
    /// <summary>How many blocks of the backbone are run again, frozen, on what the early ones were merged into.</summary>
    [OptionRange(1, 1023)]
    public int Late { get; init; } = 1;

    /// <summary>How many times narrower the merged features are than what goes into the late blocks.</summary>
    [OptionRange(1, 8192)]
    public int Reduction { get; init; } = 4;

    /// <summary>Indices, from 1, of the hidden states that are not merged; of a decoder, of its encoder's too.</summary>
    [OptionRange(1, 1023)]
    public OptionList<int> Dropped { get; init; } = [];

    /// <summary>How hidden states are projected.</summary>
    public SherlProjection Projection { get; init; }
}

/// <summary>How a hidden state becomes as narrow as what is merged.</summary>
public enum SherlProjection
{
    /// <summary>By a multi-tiered sensing adapter: <c>h = relu(W₁x)</c>, <c>(W₂h + h)·σ(W₃h)</c>.</summary>
    Tiered,

    /// <summary>By a linear map and a layer norm.</summary>
    Normed,
}
