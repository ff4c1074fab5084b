namespace UniPT.Torch.Images;

/// <summary>How pixels between pixels are computed.</summary>
public enum Interpolation
{
    /// <summary>Linear in both directions.</summary>
    Bilinear,

    /// <summary>Cubic convolution in both directions.</summary>
    Bicubic,
}
