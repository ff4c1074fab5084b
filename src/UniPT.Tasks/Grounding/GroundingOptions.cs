using UniPT.Tasks.Grounding.Losses;

namespace UniPT.Tasks.Grounding;

/// <summary>Visual grounding: the box of a picture that an expression means (MDETR, Kamath et al., ICCV 2021). The published code's oversights are options, off by default.</summary>
public sealed record GroundingOptions
{
    /// <summary>
    /// Whether the heads start from those that the backbone's weights file has, as published: <c>true</c> requires them, <c>false</c> starts new ones; null takes them where there are
    /// any.
    /// </summary>
    public bool? PretrainedHeads { get; init; }

    /// <summary>Tokens of an expression that a query may mean, and one more for none of them.</summary>
    [OptionRange(2, 4096)]
    public int Slots { get; init; } = 256;

    /// <summary>Width of the vectors in which queries and tokens are compared.</summary>
    [OptionRange(1, 4096)]
    public int Aligned { get; init; } = 64;

    /// <summary>What the parts of the loss and of the matching count.</summary>
    public GroundingLossOptions Loss { get; init; } = new();

    /// <summary>
    /// Whether each token that a box is called by counts fully in the loss and in the matching, instead of all together as one. The published code loses the shares when it makes
    /// batches.
    /// </summary>
    public bool WholeTokenTargets { get; init; }

    /// <summary>
    /// Whether characters beside the ends of a span are looked up in the first expression of the batch, where the ends themselves belong to no token, instead of in their own. An
    /// oversight of the published code.
    /// </summary>
    public bool FirstTextLookups { get; init; }

    /// <summary>Whether queries are told apart from padding tokens too when they are aligned with tokens, as in the published code; special tokens always count.</summary>
    public bool AlignPadding { get; init; }

    /// <summary>
    /// Whether a box counts as found by its generalised intersection over union, which is stricter, as in the published evaluation; the benchmark's own definition is the plain one.
    /// </summary>
    public bool GeneralizedIou { get; init; }
}
