namespace UniPT.Training.Recipes;

/// <summary>How cells or tokens are pooled into one vector.</summary>
public enum Pooling
{
    /// <summary>Generalised pooling: learned weights over the sorted features (VSE∞).</summary>
    Gpo,

    /// <summary>The mean.</summary>
    Mean,
}
