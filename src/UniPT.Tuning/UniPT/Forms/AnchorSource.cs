namespace UniPT.Tuning.UniPT.Forms;

/// <summary>What the other layers interact with.</summary>
public enum AnchorSource
{
    /// <summary>The last hidden state, which is then not one of the merged layers.</summary>
    LastLayer,

    /// <summary>The mean of all layers' projections; all layers are merged.</summary>
    MeanOfLayers,

    /// <summary>
    /// The backbone's own pooled output as a single query; all layers are merged, and the result is added to that output.
    /// </summary>
    Pooled,
}
