namespace UniPT.Tuning.UniPT.Forms;

/// <summary>How a layer is brought to the width of the parallel network.</summary>
public enum LayerMap
{
    /// <summary>A linear map, then layer norm on tokens or batch norm on the cells of maps.</summary>
    LinearNorm,

    /// <summary>ReLU, then a linear map.</summary>
    ReluLinear,
}
