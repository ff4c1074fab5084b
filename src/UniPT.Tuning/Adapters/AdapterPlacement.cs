namespace UniPT.Tuning.Adapters;

/// <summary>After which parts of a block an adapter stands.</summary>
public enum AdapterPlacement
{
    /// <summary>After the attention and the feed-forward network; after a convolutional block's projection.</summary>
    Houlsby,

    /// <summary>After the feed-forward network only; after a convolutional block's projection.</summary>
    Pfeiffer,
}
