namespace UniPT.Tuning.UniPT.Forms;

/// <summary>What is added to what the anchor's tokens gather from a target.</summary>
public enum MergeResidual
{
    /// <summary>The target's token at the same place.</summary>
    Identity,

    /// <summary>
    /// The target's token that sums the sequence up: the one that the backbone names, else the last valid one where rows have
    /// lengths, else the first.
    /// </summary>
    SummaryToken,

    /// <summary>The target's first token.</summary>
    FirstToken,

    /// <summary>Nothing.</summary>
    None,
}
