namespace UniPT.Backbones.Layers;

/// <summary>The function between the two linear maps of a feed-forward network.</summary>
public enum Activation
{
    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>min(max(x, 0), 6).</summary>
    Relu6,

    /// <summary>The exact (erf) GELU.</summary>
    Gelu,

    /// <summary>x·σ(1.702·x), CLIP's approximation of GELU.</summary>
    QuickGelu,
}
