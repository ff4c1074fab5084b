using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning.UniPT;

/// <summary>
/// Brings one layer to the width of the parallel network: linear and layer norm on tokens, 1×1 convolution and batch
/// norm on the cells of maps.
/// </summary>
internal sealed class LayerProjection : Module
{
    private readonly Module _linear;
    private readonly Module _norm;

    /// <summary>Takes the linear map at <c>0</c> and the normalisation at <c>1</c>.</summary>
    public LayerProjection(Weights weights, HiddenLayout layout, long input, long width)
    {
        _linear = Linear(weights / 0, layout, input, width);
        _norm = layout == HiddenLayout.Maps ? new CellNorm(weights / 1, width) : new LayerNorm(weights / 1, width);
    }

    /// <summary>The linear map of a layout, named and shaped as its reference has it.</summary>
    public static Module Linear(Weights weights, HiddenLayout layout, long input, long output) => layout == HiddenLayout.Maps
        ? new PointwiseConvolution(weights, input, output)
        : new Linear(weights, input, output);

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) => _norm.Forward(_linear.Forward(input));
}
