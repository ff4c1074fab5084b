using UniPT.Backbones;
using UniPT.Tuning.Direct;
using UniPT.Tuning.UniPT.Forms;

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

    /// <summary>Whether a token sees no later ones; null for the form's.</summary>
    public bool? Causal { get; init; }

    /// <summary>Whether the output projection begins with a ReLU; null for the form's.</summary>
    public bool? UpRelu { get; init; }

    /// <summary>Whether the output projection ends with a normalisation; null for the form's.</summary>
    public bool? UpNorm { get; init; }

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

    /// <summary>The form with what was chosen otherwise.</summary>
    internal NetworkForm Network
    {
        get
        {
            NetworkForm form = NetworkForm.Of(Form);
            return new NetworkForm
            {
                Anchor = Anchor ?? form.Anchor,
                LayerMap = LayerMap ?? form.LayerMap,
                PreInteraction = PreInteraction ?? form.PreInteraction,
                Interaction = Interaction ?? form.Interaction,
                Heads = Heads ?? form.Heads,
                AcrossLayers = AcrossLayers,
                Aggregation = Aggregation ?? form.Aggregation,
                Epsilon = Epsilon ?? form.Epsilon,
                EpsilonUse = EpsilonUse ?? form.EpsilonUse,
                Residual = Residual ?? form.Residual,
                MergedMap = MergedMap ?? form.MergedMap,
                Mask = Mask ?? form.Mask,
                Causal = Causal ?? form.Causal,
                UpRelu = UpRelu ?? form.UpRelu,
                UpNorm = UpNorm ?? form.UpNorm,
                Checkpoint = Checkpoint,
            };
        }
    }

    /// <summary>The network's width beside a backbone.</summary>
    /// <param name="backbone">The backbone.</param>
    /// <param name="output">Width of the adapted features.</param>
    internal int WidthOf(Backbone backbone, int output) => Network.LayerMap == Forms.LayerMap.None
        ? backbone.Widths.Max()
        : Reduction is { } reduction ? output / reduction : Width ?? DefaultWidth;
}
