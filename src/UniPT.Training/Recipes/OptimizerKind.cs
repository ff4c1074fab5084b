namespace UniPT.Training.Recipes;

/// <summary>How gradients change weights.</summary>
public enum OptimizerKind
{
    /// <summary>Adam with decoupled weight decay, as torch.optim.AdamW.</summary>
    Adamw,

    /// <summary>Adam whose weight decay is part of the gradient, as torch.optim.Adam.</summary>
    Adam,

    /// <summary>
    /// Adam as BERT, CLIP4Clip and CLIP-ViL have it: its means are not corrected for their start at 0, and each weight goes along the
    /// schedule by its own count of steps. CLIP4Clip's has beta2 0.98, epsilon 1e-6 and clip_tensor_norm 1.
    /// </summary>
    BertAdam,

    /// <summary>AdamW as Hugging Face's Transformers had it, with which CLIP-ViL trains; epsilon is added before the correction.</summary>
    HuggingFaceAdamw,
}
