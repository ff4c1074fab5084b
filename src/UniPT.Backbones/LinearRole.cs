namespace UniPT.Backbones;

/// <summary>What a linear map does in its block.</summary>
public enum LinearRole
{
    /// <summary>Makes the queries of an attention.</summary>
    Query,

    /// <summary>Makes the keys of an attention.</summary>
    Key,

    /// <summary>Makes the values of an attention.</summary>
    Value,

    /// <summary>Projects the joined heads of an attention; the last map of that half of the block.</summary>
    Output,

    /// <summary>The first map of a feed-forward network.</summary>
    Up,

    /// <summary>The second map of a feed-forward network; the last map of that half of the block.</summary>
    Down,

    /// <summary>The 1×1 convolution that widens the maps.</summary>
    Expand,

    /// <summary>The 1×1 convolution that narrows the maps; the last map of the block.</summary>
    Project,
}
