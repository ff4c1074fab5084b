using UniPT.Torch;

namespace UniPT.Backbones.Clip;

/// <summary>Both towers of one checkpoint.</summary>
public sealed class ClipModel
{
    /// <summary>Builds both, with a Vision Transformer.</summary>
    /// <exception cref="UserException">A tensor is missing or mis-shaped.</exception>
    public ClipModel(Weights weights, ClipVitConfig image, ClipTextConfig text) : this(weights, new ClipVit(weights, image), text)
    {
    }

    /// <summary>Builds both, with a ResNet.</summary>
    /// <exception cref="UserException">A tensor is missing or mis-shaped.</exception>
    public ClipModel(Weights weights, ClipResNetConfig image, ClipTextConfig text) : this(weights, new ClipResNet(weights, image), text)
    {
    }

    /// <summary>Builds both with the sizes that the checkpoint's shapes tell.</summary>
    /// <exception cref="UserException">A tensor is missing or mis-shaped.</exception>
    public ClipModel(Weights weights) : this(weights, ImageTower(weights), ClipTextConfig.Of(weights))
    {
    }

    private ClipModel(Weights weights, Backbone image, ClipTextConfig text)
    {
        ClipCheckpoint.IgnoreSizes(weights);
        (Image, Text) = (image, new ClipText(weights, text));
        LogitScale = weights.Parameter("logit_scale", Initializers.Constant(Math.Log(1 / 0.07)));
    }

    /// <summary>The image tower, a <see cref="ClipVit"/> or a <see cref="ClipResNet"/>.</summary>
    public Backbone Image { get; }

    /// <summary>The text tower.</summary>
    public ClipText Text { get; }

    /// <summary>ln of what cosine similarities are multiplied by before the softmax, a scalar.</summary>
    public Tensor LogitScale { get; }

    private static Backbone ImageTower(Weights weights)
    {
        Weights visual = weights / "visual";
        return visual.Contains("layer1.0.conv1.weight")
            ? new ClipResNet(weights, ClipResNetConfig.Of(visual))
            : new ClipVit(weights, ClipVitConfig.Of(visual));
    }
}
