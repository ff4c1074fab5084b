using UniPT.Torch;

namespace UniPT.Backbones.Layers;

/// <summary>Two linear maps with an activation in between, applied to every token; a third one may gate what is between them.</summary>
/// <param name="up">The first map.</param>
/// <param name="down">The second map.</param>
/// <param name="activation">What is between them.</param>
/// <param name="gate">Its output multiplies that of the activation (Shazeer, arXiv 2002.05202); null for none.</param>
public sealed class FeedForward(Linear up, Linear down, Activation activation, Linear? gate = null) : Module
{
    /// <summary>The first map.</summary>
    public Linear Up { get; } = up;

    /// <summary>The second map.</summary>
    public Linear Down { get; } = down;

    /// <summary>What is between them.</summary>
    public Activation Activation { get; } = activation;

    /// <summary>The map whose output multiplies that of the activation; null for none.</summary>
    public Linear? Gate { get; } = gate;

    /// <summary>Leaves features between the maps out at random while training; null for none.</summary>
    public Dropout? Dropout { get; init; }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input)
    {
        Tensor hidden = Up.forward(input);
        Activation.Apply_(hidden);
        Tensor gated = Gate is null ? hidden : hidden * Gate.forward(input);
        return Down.forward(Dropout is { Rate: > 0 } ? Dropout.forward(gated) : gated);
    }
}
