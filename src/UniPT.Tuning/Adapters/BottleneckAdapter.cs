using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Tuning.Adapters;

/// <summary>A bottleneck on what a linear map gives: <c>h + U·act(D·h + d) + u</c>.</summary>
internal sealed class BottleneckAdapter : LinearExtension
{
    private const double Deviation = 0.01;
    private readonly Module _down;
    private readonly Module _up;
    private readonly Activation _activation;

    /// <summary>Takes <c>adapter_down [C/r, C]</c>, nearly zero, and <c>adapter_up [C, C/r]</c>, zero.</summary>
    /// <exception cref="UserException">The reduction does not divide the width.</exception>
    public BottleneckAdapter(LinearMap map, Weights weights, AdapterOptions options)
    {
        if (options.Reduction < 1 || map.Output % options.Reduction != 0)
        {
            throw new UserException($"The reduction of adapter is {options.Reduction}; it must divide the width {map.Output} of what an adapter stands after.");
        }

        long width = map.Output / options.Reduction;
        _down = ChannelMap.Create(weights / "adapter_down", map.OnMaps, map.Output, width, initializer: Initializers.Normal(Deviation));
        _up = ChannelMap.Create(weights / "adapter_up", map.OnMaps, width, map.Output, initializer: Initializers.Zeros);
        _activation = options.Activation;
    }

    /// <inheritdoc/>
    public override Tensor After(Tensor input, Tensor output)
    {
        Tensor hidden = _down.forward(output);
        _activation.Apply_(hidden);
        Tensor adapted = _up.forward(hidden);
        adapted.Add_(output);
        return adapted;
    }
}
