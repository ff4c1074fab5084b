namespace UniPT.Training.Recipes;

/// <summary>How features of either tower become one vector in the joint space.</summary>
public sealed record HeadOptions
{
    /// <summary>Width of the joint space.</summary>
    [OptionRange(8, 8192)]
    public int Embedding { get; init; } = 256;

    /// <summary>How a picture's cells or a caption's tokens are pooled.</summary>
    public Pooling Pooling { get; init; } = Pooling.Gpo;

    /// <summary>Share of cells or tokens left out at random before pooling while training.</summary>
    [OptionRange(0, 0.9)]
    public double TokenDrop { get; init; } = 0.2;
}
