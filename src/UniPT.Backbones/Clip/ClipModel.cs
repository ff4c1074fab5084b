using UniPT.Torch;

namespace UniPT.Backbones.Clip;

/// <summary>Both towers of one checkpoint.</summary>
public sealed class ClipModel
{
    /// <summary>Builds both.</summary>
    /// <exception cref="UserException">A tensor is missing or mis-shaped.</exception>
    public ClipModel(Weights weights, ClipVitConfig image, ClipTextConfig text)
    {
        ClipCheckpoint.IgnoreSizes(weights);
        (Image, Text) = (new ClipVit(weights, image), new ClipText(weights, text));
        LogitScale = weights.Parameter("logit_scale", Initializers.Constant(Math.Log(1 / 0.07)));
    }

    /// <summary>Builds both with the sizes that the checkpoint's shapes tell.</summary>
    /// <exception cref="UserException">A tensor is missing or mis-shaped.</exception>
    public ClipModel(Weights weights) : this(weights, ClipVitConfig.Of(weights / "visual"), ClipTextConfig.Of(weights))
    {
    }

    /// <summary>The image tower.</summary>
    public ClipVit Image { get; }

    /// <summary>The text tower.</summary>
    public ClipText Text { get; }

    /// <summary>ln of what cosine similarities are multiplied by before the softmax, a scalar.</summary>
    public Tensor LogitScale { get; }
}
