namespace UniPT.Tuning.UniPT.Forms;

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
