namespace UniPT.Tuning.UniPT.Forms;

/// <summary>What ε does to the sums of the L1 normalisations.</summary>
public enum EpsilonUse
{
    /// <summary>It is added.</summary>
    Added,

    /// <summary>It is their least value.</summary>
    Clamped,
}
