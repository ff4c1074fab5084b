namespace UniPT.Training.Recipes;

/// <summary>The losses of image–text retrieval.</summary>
public enum LossKind
{
    /// <summary>Triplet hinge loss, hardest negative in the batch (VSE++).</summary>
    Hinge,

    /// <summary>Symmetric cross-entropy over the batch (InfoNCE, as in CLIP).</summary>
    Infonce,
}
