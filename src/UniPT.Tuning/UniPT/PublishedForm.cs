using System.Reflection;

namespace UniPT.Tuning.UniPT;

/// <summary>
/// The forms in which the paper's authors published UniPT, one for each task, one derived from them, and one without parameters.
/// </summary>
public enum PublishedForm
{
    /// <summary>Image–text retrieval with VSE∞: layer norm on tokens, batch norm on maps.</summary>
    Vse,

    /// <summary>Video–text retrieval with CLIP4Clip: one query, the backbone's own embedding, beside which all layers are merged.</summary>
    Clip4clip,

    /// <summary>Visual question answering with CLIP-ViL.</summary>
    ClipVil,

    /// <summary>Referring expressions with MDETR; the authors merge the outputs of the layers 1, 3 and 5 of 6.</summary>
    Mdetr,

    /// <summary>T5, for which no code was published: MDETR's form made causal. Derived, not published.</summary>
    T5Derived,

    /// <summary>
    /// No projections and no gate, similarity as confidence: nothing trains but an output projection, and not even that where
    /// the adapted features are as wide as the widest layer. Beyond the paper.
    /// </summary>
    ParameterFree,
}

/// <summary>What the published forms choose (section 4 of the paper and its public code).</summary>
internal static class PublishedForms
{
    /// <summary>Every option that a form chooses, as VSE∞ has it.</summary>
    private static readonly UniPTOptions Vse = new()
    {
        Anchor = AnchorSource.LastLayer,
        LayerMap = LayerMap.LinearNorm,
        PreInteraction = PreInteraction.Similarity,
        Interaction = Interaction.ReluL1,
        Heads = 4,
        Aggregation = Aggregation.Confidence,
        Epsilon = 1e-8,
        EpsilonUse = EpsilonUse.Added,
        Residual = MergeResidual.Identity,
        MergedMap = MergedMap.LinearNorm,
        Mask = true,
        Causal = false,
        UpRelu = true,
        UpNorm = false,
        Auxiliary = false,
    };

    /// <summary>What the forms choose otherwise.</summary>
    private static readonly Dictionary<PublishedForm, UniPTOptions> Others = new()
    {
        [PublishedForm.Vse] = new(),
        [PublishedForm.Clip4clip] = new()
        {
            Anchor = AnchorSource.Pooled,
            LayerMap = LayerMap.ReluLinear,
            Epsilon = 1e-6,
            EpsilonUse = EpsilonUse.Clamped,
            Residual = MergeResidual.SummaryToken,
            MergedMap = MergedMap.None,
        },
        [PublishedForm.ClipVil] = new() { Epsilon = 1e-6, MergedMap = MergedMap.TwoLayerNorm, UpRelu = false },
        [PublishedForm.Mdetr] = new() { Epsilon = 1e-7, MergedMap = MergedMap.TwoLayerNorm, UpNorm = true, Auxiliary = true },
        [PublishedForm.T5Derived] = new() { Epsilon = 1e-7, MergedMap = MergedMap.TwoLayerNorm, Causal = true, UpRelu = false },
        [PublishedForm.ParameterFree] = new()
        {
            LayerMap = LayerMap.None,
            PreInteraction = PreInteraction.Mean,
            Aggregation = Aggregation.Similarity,
            MergedMap = MergedMap.None,
            UpRelu = false,
        },
    };

    private static readonly PropertyInfo[] Options = [.. typeof(UniPTOptions).GetProperties().Where(option => option.CanWrite)];

    /// <summary>A form's choice in every option.</summary>
    public static UniPTOptions Of(PublishedForm form) => Complete(new UniPTOptions { Form = form });

    /// <summary>The options with their form's choice wherever they have none. It goes option by option, so that a new one is written in its own place only.</summary>
    public static UniPTOptions Complete(UniPTOptions options)
    {
        UniPTOptions complete = options with { };
        foreach (PropertyInfo option in Options.Where(option => option.GetValue(options) is null))
        {
            option.SetValue(complete, option.GetValue(Others[options.Form]) ?? option.GetValue(Vse));
        }

        return complete;
    }
}
