namespace UniPT.Tuning.UniPT.Forms;

/// <summary>How a layer is brought to the width of the parallel network.</summary>
public enum LayerMap
{
    /// <summary>A linear map, then layer norm on tokens or batch norm on the cells of maps.</summary>
    LinearNorm,

    /// <summary>ReLU, then a linear map.</summary>
    ReluLinear,

    /// <summary>
    /// Nothing trained: channels are filled up with zeros to those of the widest layer, as in the parameter-free shortcuts of
    /// ResNet (He et al. 2016). Beyond the paper.
    /// </summary>
    None,
}
