using UniPT.Torch;

namespace UniPT.Backbones.Layers;

/// <summary>Two linear maps with an activation in between, applied to every token.</summary>
public sealed class FeedForward(Linear up, Linear down, Activation activation) : Module
{
    /// <summary>The first map.</summary>
    public Linear Up { get; } = up;

    /// <summary>The second map.</summary>
    public Linear Down { get; } = down;

    /// <summary>What is between them.</summary>
    public Activation Activation { get; } = activation;

    /// <summary>Leaves features between them out at random while training; null for none.</summary>
    public Dropout? Dropout { get; init; }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input)
    {
        Tensor hidden = Up.forward(input);
        Activation.Apply_(hidden);
        return Down.forward(Dropout is { Rate: > 0 } ? Dropout.forward(hidden) : hidden);
    }
}
