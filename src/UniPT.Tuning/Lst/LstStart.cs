namespace UniPT.Tuning.Lst;

/// <summary>What the side layers start as.</summary>
public enum LstStart
{
    /// <summary>New layers.</summary>
    Random,

    /// <summary>The backbone's layers, pruned to the weights that are largest.</summary>
    Magnitude,

    /// <summary>The backbone's layers, pruned to the weights that the loss depends on most (Fisher information).</summary>
    Fisher,
}
