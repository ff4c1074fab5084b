namespace UniPT.Tuning.UniPT.Forms;

/// <summary>What is done to the merged features before they are added to the anchor's.</summary>
public enum MergedMap
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A linear map, then layer norm on tokens or batch norm on the cells of maps.</summary>
    LinearNorm,

    /// <summary>Linear to the backbone's width, ReLU, linear back, normalisation.</summary>
    TwoLayerNorm,
}
