using UniPT.Backbones.Layers;

namespace UniPT.Tuning.Adapters;

/// <summary>What may be chosen about bottleneck adapters.</summary>
public sealed record AdapterOptions
{
    /// <summary>After which parts of a block they stand.</summary>
    public AdapterPlacement Placement { get; init; }

    /// <summary>How many times narrower the bottleneck is than what it adapts.</summary>
    [OptionRange(1, 8192)]
    public int Reduction { get; init; } = 16;

    /// <summary>The function in the bottleneck.</summary>
    public Activation Activation { get; init; }

    /// <summary>Whether the backbone's layer norms train too, as published for T5.</summary>
    public bool Norms { get; init; }
}

/// <summary>After which parts of a block an adapter stands.</summary>
public enum AdapterPlacement
{
    /// <summary>After the attention and the feed-forward network; after a convolutional block's projection.</summary>
    Houlsby,

    /// <summary>After the feed-forward network only; after a convolutional block's projection.</summary>
    Pfeiffer,
}
