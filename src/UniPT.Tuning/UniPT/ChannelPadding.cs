using UniPT.Torch;

namespace UniPT.Tuning.UniPT;

/// <summary>Brings a layer to the network's width without parameters: channels of zeros come after its own. What it gives is float32.</summary>
internal sealed class ChannelPadding(long width, LayerStandardization? standardization) : Module
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input)
    {
        Tensor layer = (standardization?.Forward(input) ?? input).to(ScalarType.Float32);
        return layer.size(-1) == width ? layer : nn.functional.pad(layer, [0, width - layer.size(-1)]);
    }
}
