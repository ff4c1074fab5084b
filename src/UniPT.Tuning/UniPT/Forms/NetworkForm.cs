namespace UniPT.Tuning.UniPT.Forms;

/// <summary>Everything in which the published parallel networks differ but their sizes.</summary>
internal sealed record NetworkForm
{
    public AnchorSource Anchor { get; init; } = AnchorSource.LastLayer;

    public LayerMap LayerMap { get; init; } = LayerMap.LinearNorm;

    public PreInteraction PreInteraction { get; init; } = PreInteraction.Similarity;

    public Interaction Interaction { get; init; } = Interaction.ReluL1;

    /// <summary>Heads of <see cref="Interaction.Attention"/>.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Whether each target first gathers from the targets before and after it.</summary>
    public bool AcrossLayers { get; init; }

    public Aggregation Aggregation { get; init; } = Aggregation.Confidence;

    public double Epsilon { get; init; } = 1e-8;

    public EpsilonUse EpsilonUse { get; init; } = EpsilonUse.Added;

    public MergeResidual Residual { get; init; } = MergeResidual.Identity;

    public MergedMap MergedMap { get; init; } = MergedMap.LinearNorm;

    /// <summary>ε of all normalisations, PyTorch's own in every published form.</summary>
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>What a new batch counts in the running statistics of maps, PyTorch's own as published.</summary>
    public double NormMomentum { get; init; } = 0.1;

    /// <summary>Whether padding tokens are left out.</summary>
    public bool Mask { get; init; } = true;

    /// <summary>Whether a token sees no later ones, neither as keys nor through the confidence.</summary>
    public bool Causal { get; init; }

    /// <summary>Whether the output projection begins with a ReLU.</summary>
    public bool UpRelu { get; init; } = true;

    /// <summary>Whether it ends with a normalisation.</summary>
    public bool UpNorm { get; init; }

    /// <summary>Whether projections and the weights of pixels are computed again instead of kept for backward.</summary>
    public bool Checkpoint { get; init; }

    /// <summary>The variants of the paper (section 4 and its public code) as options of the same parts.</summary>
    public static NetworkForm Of(PublishedForm form) => form switch
    {
        PublishedForm.Vse => new(),
        PublishedForm.Clip4clip => new()
        {
            Anchor = AnchorSource.Pooled,
            LayerMap = LayerMap.ReluLinear,
            Epsilon = 1e-6,
            EpsilonUse = EpsilonUse.Clamped,
            Residual = MergeResidual.SummaryToken,
            MergedMap = MergedMap.None,
        },
        PublishedForm.ClipVil => new() { Epsilon = 1e-6, MergedMap = MergedMap.TwoLayerNorm, UpRelu = false },
        PublishedForm.Mdetr => new() { Epsilon = 1e-7, MergedMap = MergedMap.TwoLayerNorm, UpNorm = true },
        PublishedForm.T5Derived => new() { Epsilon = 1e-7, MergedMap = MergedMap.TwoLayerNorm, Causal = true, UpRelu = false },
        PublishedForm.ParameterFree => new()
        {
            LayerMap = LayerMap.None,
            PreInteraction = PreInteraction.Mean,
            Aggregation = Aggregation.Similarity,
            MergedMap = MergedMap.None,
            UpRelu = false,
        },
        _ => throw new ArgumentOutOfRangeException(nameof(form), form, null),
    };
}
