namespace UniPT.Tasks.Retrieval;

/// <summary>Image–text retrieval: pictures find their captions and captions their picture in a joint space (VSE∞).</summary>
public sealed record RetrievalOptions
{
    /// <summary>Width of the joint space.</summary>
    [OptionRange(8, 8192)]
    public int Embedding { get; init; } = 256;

    /// <summary>How a picture's cells or a caption's tokens are pooled.</summary>
    public Pooling Pooling { get; init; } = Pooling.Gpo;

    /// <summary>Share of cells or tokens left out at random before pooling while training.</summary>
    [OptionRange(0, 0.9)]
    public double TokenDrop { get; init; } = 0.2;

    /// <summary>The same for a caption's tokens alone; null for as many. VSE∞ leaves out cells of pictures only.</summary>
    [OptionRange(0, 0.9)]
    public double? CaptionTokenDrop { get; init; }

    /// <summary>
    /// Hidden width of a perceptron with batch norm whose output is added to the adapted features of pictures: VSE∞ has one of 512, half of the embedding, beside the linear
    /// map of precomputed regions. 0 for none.
    /// </summary>
    [OptionRange(0, 8192)]
    public int PictureMlp { get; init; }

    /// <summary>What is minimised.</summary>
    public LossOptions Loss { get; init; } = new();

    /// <summary>Where methods with a direct path start.</summary>
    public CorrelationStartOptions CorrelationStart { get; init; } = new();
}

/// <summary>How cells or tokens are pooled into one vector.</summary>
public enum Pooling
{
    /// <summary>Generalised pooling: learned weights over the sorted features (VSE∞).</summary>
    Gpo,

    /// <summary>The mean.</summary>
    Mean,
}

/// <summary>The losses of image–text retrieval.</summary>
public enum LossKind
{
    /// <summary>Triplet hinge loss, hardest negative in the batch (VSE++).</summary>
    Hinge,

    /// <summary>Symmetric cross-entropy over the batch (InfoNCE, as in CLIP).</summary>
    Infonce,
}

/// <summary>What is minimised.</summary>
public sealed record LossOptions
{
    /// <summary>Which loss.</summary>
    public LossKind Kind { get; init; } = LossKind.Hinge;

    /// <summary>Margin of the hinge loss.</summary>
    [OptionRange(0, 2)]
    public double Margin { get; init; } = 0.2;

    /// <summary>Epochs in which the hinge loss sums over all negatives before it takes the hardest.</summary>
    [OptionRange(0, 100_000)]
    public int SumEpochs { get; init; } = 1;

    /// <summary>Whether the hinge loss grows from 0 to full size in the first epoch of hardest negatives.</summary>
    public bool Ramp { get; init; } = true;

    /// <summary>Temperature of InfoNCE, or where it starts when it is learned.</summary>
    [OptionRange(0.001, 100)]
    public double Temperature { get; init; } = 0.07;

    /// <summary>Whether InfoNCE's temperature is trained.</summary>
    public bool LearnTemperature { get; init; }
}

/// <summary>
/// Where direct paths start: in the directions in which pictures and captions correlate most (regularised canonical
/// correlation analysis of the training split), with everything beside the path silent. Not part of any published form.
/// </summary>
public sealed record CorrelationStartOptions
{
    /// <summary>Whether training starts there, where the method has a direct path.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Ridge of the picture side of that analysis, in mean eigenvalues.</summary>
    [OptionRange(1e-6, 1000)]
    public double ImageRidge { get; init; } = 0.3;

    /// <summary>Ridge of its caption side, in mean eigenvalues.</summary>
    [OptionRange(1e-6, 1000)]
    public double TextRidge { get; init; } = 0.3;
}
