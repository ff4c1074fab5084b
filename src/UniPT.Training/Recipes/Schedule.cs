namespace UniPT.Training.Recipes;

/// <summary>
/// How the learning rate goes. The first four rise to it over the warm-up from its first share, <c>rate / steps</c>; the warmup ones,
/// which BertAdam and Hugging Face's Transformers have, from 0, so that their first step changes no weight.
/// </summary>
public enum Schedule
{
    /// <summary>It stays.</summary>
    Constant,

    /// <summary>It is multiplied by step_factor at the start of each of step_epochs.</summary>
    Step,

    /// <summary>The same one step later, as in MDETR, which sets a step's rate after the step before.</summary>
    StepLate,

    /// <summary>It falls in a straight line to 0.</summary>
    Linear,

    /// <summary>It falls along half a cosine to 0.</summary>
    Cosine,

    /// <summary>After a warm-up from 0 it stays.</summary>
    WarmupConstant,

    /// <summary>After a warm-up from 0 it falls in a straight line to 0, as in CLIP-ViL, LST and Hugging Face's linear schedule.</summary>
    WarmupLinear,

    /// <summary>
    /// Half a cosine over all steps, of which a warm-up from 0 hides the beginning, so that it jumps down after it; as in CLIP4Clip.
    /// </summary>
    WarmupCosine,
}
