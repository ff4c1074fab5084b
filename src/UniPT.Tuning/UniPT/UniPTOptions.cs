using UniPT.Tuning.Direct;
using UniPT.Tuning.UniPT.Forms;

namespace UniPT.Tuning.UniPT;

/// <summary>
/// What may be chosen about Universal Parallel Tuning: a published form, and single parts of it otherwise. The defaults are
/// the VSE∞ form.
/// </summary>
public sealed record UniPTOptions
{
    /// <summary>The published form, for everything that no other option says.</summary>
    public PublishedForm Form { get; init; } = PublishedForm.Vse;

    /// <summary>Width m of the parallel network.</summary>
    [OptionRange(1, 8192)]
    public int Width { get; init; } = 512;

    /// <summary>What the layers interact with; null for the form's.</summary>
    public AnchorSource? Anchor { get; init; }

    /// <summary>How layers are brought to the network's width; null for the form's.</summary>
    public LayerMap? LayerMap { get; init; }

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
                Epsilon = Epsilon ?? form.Epsilon,
                EpsilonUse = EpsilonUse ?? form.EpsilonUse,
                Residual = Residual ?? form.Residual,
                MergedMap = MergedMap ?? form.MergedMap,
                Mask = Mask ?? form.Mask,
                Causal = Causal ?? form.Causal,
                UpRelu = UpRelu ?? form.UpRelu,
                UpNorm = UpNorm ?? form.UpNorm,
            };
        }
    }
}
