namespace UniPT.Tuning.UniPT.Forms;

/// <summary>How the anchor's tokens gather from those of a target.</summary>
public enum Interaction
{
    /// <summary>By their dot products through ReLU, divided by their sum; published.</summary>
    ReluL1,

    /// <summary>By the softmax of their dot products, which are not scaled.</summary>
    Softmax,

    /// <summary>
    /// By scaled dot-product attention over several heads (Vaswani et al. 2017), with trained maps for queries, keys, values
    /// and output that all layers share.
    /// </summary>
    Attention,

    /// <summary>Not at all: only the residual is merged.</summary>
    None,
}
