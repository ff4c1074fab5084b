using UniPT.Torch;

namespace UniPT.Backbones.Layers;

/// <summary>Two linear maps with an activation in between, applied to every token.</summary>
public sealed class FeedForward(Linear up, Linear down, Activation activation) : Module
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input)
    {
        Tensor hidden = up.Forward(input);
        activation.Apply_(hidden);
        return down.Forward(hidden);
    }
}
