namespace UniPT.Tuning.UniPT.Forms;

/// <summary>How much each merged layer counts. All but a plain sum are shares of 1.</summary>
public enum Aggregation
{
    /// <summary>By confidence, the softmax over layers of a trained score of each example; published.</summary>
    Confidence,

    /// <summary>All the same.</summary>
    Mean,

    /// <summary>All fully: their sum.</summary>
    Sum,

    /// <summary>By one trained constant a layer, the same for all examples, through a softmax.</summary>
    Learned,

    /// <summary>Only the deepest merged layer, the others are not read.</summary>
    Last,

    /// <summary>By the cosine of the anchor's mean and the layer's, through a softmax; nothing trains. Beyond the paper.</summary>
    Similarity,

    /// <summary>
    /// By confidence, a trained vector of the task added to the anchor's mean; it starts at 0, from the published gate. Beyond
    /// the paper.
    /// </summary>
    Task,
}
