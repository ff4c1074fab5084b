using UniPT.Torch;

namespace UniPT.Tuning;

/// <summary>Makes linear maps over channels, whatever the layout.</summary>
internal static class ChannelMap
{
    /// <summary>A convolution with a map's kernel and stride on maps <c>[B, C, H, W]</c>, else a linear map on tokens <c>[…, C]</c>: what stands beside that map.</summary>
    /// <param name="weights">Where <c>weight</c> stands.</param>
    /// <param name="map">What it stands beside.</param>
    /// <param name="output">Channels that go out.</param>
    public static Module Beside(Weights weights, LinearMap map, long output) => map.OnMaps
        ? new Conv2d(weights, map.Input, output, map.Kernel, map.Stride, map.Kernel / 2, bias: false)
        : new Linear(weights, map.Input, output, bias: false);

    /// <summary>A 1×1 convolution on maps <c>[B, C, H, W]</c>, else a linear map on tokens <c>[…, C]</c>.</summary>
    /// <param name="weights">Where <c>weight</c> and <c>bias</c> stand.</param>
    /// <param name="onMaps">The layout.</param>
    /// <param name="input">Channels that come in.</param>
    /// <param name="output">Channels that go out.</param>
    /// <param name="bias">Whether there is one.</param>
    /// <param name="initializer">For a fresh weight; PyTorch's default where null.</param>
    public static Module Create(Weights weights, bool onMaps, long input, long output, bool bias = true, Initializer? initializer = null) => onMaps
        ? new Conv2d(weights, input, output, 1, bias: bias, initializer: initializer)
        : new Linear(weights, input, output, bias, initializer);
}
