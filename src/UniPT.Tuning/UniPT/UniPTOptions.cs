using UniPT.Backbones;
using UniPT.Tuning.Direct;

namespace UniPT.Tuning.UniPT;

/// <summary>
/// What may be chosen about Universal Parallel Tuning: a published form, and single parts of it otherwise. The defaults are
/// the VSE∞ form. Parts that no published form has are of the paper's own studies (section 4) where nothing else is said.
/// </summary>
public sealed record UniPTOptions
{
    private const int DefaultWidth = 512;

    /// <summary>The published form, for everything that no other option says.</summary>
    public PublishedForm Form { get; init; } = PublishedForm.Vse;

    /// <summary>Width m of the parallel network; null for 512, or what <see cref="Reduction"/> says.</summary>
    [OptionRange(1, 8192)]
    public int? Width { get; init; }

    /// <summary>How many times narrower the parallel network is than the adapted features, the paper's reduction factor; null for width.</summary>
    [OptionRange(1, 8192)]
    public int? Reduction { get; init; }

    /// <summary>What the layers interact with; null for the form's.</summary>
    public AnchorSource? Anchor { get; init; }

    /// <summary>How layers are brought to the network's width; null for the form's.</summary>
    public LayerMap? LayerMap { get; init; }

    /// <summary>How the pixels of maps become cells; null for the form's. Tokens stay.</summary>
    public PreInteraction? PreInteraction { get; init; }

    /// <summary>How the anchor gathers from a layer; null for the form's.</summary>
    public Interaction? Interaction { get; init; }

    /// <summary>Heads of the interaction attention, which divide the network's width; null for 4.</summary>
    [OptionRange(1, 1024)]
    public int? Heads { get; init; }

    /// <summary>
    /// Whether each merged layer first gathers from those before and after it, as the anchor does; beyond the paper, which
    /// leaves interaction across layers open.
    /// </summary>
    public bool AcrossLayers { get; init; }

    /// <summary>How much each merged layer counts; null for the form's.</summary>
    public Aggregation? Aggregation { get; init; }

    /// <summary>Added to the sums of the L1 normalisations, or their least value; null for the form's.</summary>
    [OptionRange(1e-16, 1)]
    public double? Epsilon { get; init; }

    /// <summary>What epsilon does; null for the form's.</summary>
    public EpsilonUse? EpsilonUse { get; init; }

    /// <summary>What is added to what is gathered from a layer; null for the form's.</summary>
    public MergeResidual? Residual { get; init; }

    /// <summary>What is done to the merged features; null for the form's.</summary>
    public MergedMap? MergedMap { get; init; }

    /// <summary>Whether padding tokens are left out; null for the form's.</summary>
    public bool? Mask { get; init; }

    /// <summary>Whether a token sees no later ones; null for the form's, or true beside what is decoded token by token.</summary>
    public bool? Causal { get; init; }

    /// <summary>Whether the output projection begins with a ReLU; null for the form's.</summary>
    public bool? UpRelu { get; init; }

    /// <summary>Whether the output projection ends with a normalisation; null for the form's.</summary>
    public bool? UpNorm { get; init; }

    /// <summary>
    /// Whether beside a decoder the merged layers give adapted features too, through the same output projection, for auxiliary losses; null for the form's.
    /// </summary>
    public bool? Auxiliary { get; init; }

    /// <summary>
    /// Whether the projections of tokens and the weights of pixels are computed again for backward instead of kept: less
    /// memory, more time, the same gradients. Beyond the paper.
    /// </summary>
    public bool Checkpoint { get; init; }

    /// <summary>
    /// Whether hidden states are standardised by channel, with statistics of the training split, before the parallel
    /// network reads them; not part of any published form.
    /// </summary>
    public bool StandardiseInputs { get; init; }

    /// <inheritdoc cref="DirectPathOptions"/>
    public DirectPathOptions Direct { get; init; } = new();

    /// <summary>ε of all normalisations; PyTorch's own in every published form, so that recipes need not name it.</summary>
    internal double NormEpsilon { get; init; } = 1e-5;

    /// <summary>What a new batch counts in the running statistics of maps; PyTorch's own in every published form, as that.</summary>
    internal double NormMomentum { get; init; } = 0.1;

    /// <summary>
    /// The same options with the form's choice wherever none was made: what the parts of the network read. Only
    /// <see cref="Width"/> and <see cref="Reduction"/> can still be null.
    /// </summary>
    internal UniPTOptions Resolved => PublishedForms.Complete(this);

    /// <summary>The network's width beside a backbone.</summary>
    /// <param name="stream">What it stands beside.</param>
    /// <param name="output">Width of the adapted features.</param>
    internal int WidthOf(BackboneStream stream, int output) => Resolved.LayerMap == UniPT.LayerMap.None
        ? stream.Widths.Max()
        : Reduction is { } reduction ? output / reduction : Width ?? DefaultWidth;
}

/// <summary>What the other layers interact with.</summary>
public enum AnchorSource
{
    /// <summary>The last hidden state, which is then not one of the merged layers.</summary>
    LastLayer,

    /// <summary>The mean of all layers' projections; all layers are merged.</summary>
    MeanOfLayers,

    /// <summary>
    /// The backbone's own pooled output as a single query; all layers are merged, and the result is added to that output.
    /// </summary>
    Pooled,
}

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

/// <summary>How the pixels of maps are brought to the anchor's cells before the interaction with the anchor.</summary>
public enum PreInteraction
{
    /// <summary>By the mean of each cell and by similarity with the anchor's cell, in equal parts; published.</summary>
    Similarity,

    /// <summary>By the mean of each cell.</summary>
    Mean,

    /// <summary>
    /// Not at all: the anchor's cells interact with every pixel, and no residual is added, because pixels and cells do not
    /// stand at the same places.
    /// </summary>
    None,
}

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

/// <summary>What ε does to the sums of the L1 normalisations.</summary>
public enum EpsilonUse
{
    /// <summary>It is added.</summary>
    Added,

    /// <summary>It is their least value.</summary>
    Clamped,
}

/// <summary>What is added to what the anchor's tokens gather from a target.</summary>
public enum MergeResidual
{
    /// <summary>The target's token at the same place.</summary>
    Identity,

    /// <summary>
    /// The target's token that sums the sequence up: the one that the backbone names, else the last valid one where rows have
    /// lengths, else the first.
    /// </summary>
    SummaryToken,

    /// <summary>The target's first token.</summary>
    FirstToken,

    /// <summary>Nothing.</summary>
    None,
}

/// <summary>What is done to the merged features before they are added to the anchor's.</summary>
public enum MergedMap
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A linear map, then layer norm on tokens or batch norm on the cells of maps.</summary>
    LinearNorm,

    /// <summary>Linear to the backbone's width, ReLU, linear back, normalisation.</summary>
    TwoLayerNorm,
}
