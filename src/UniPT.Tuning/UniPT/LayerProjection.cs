using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning.UniPT;

/// <summary>
/// Brings one layer to the width of the parallel network: a linear map, then layer norm on tokens or batch norm on the
/// cells of maps.
/// </summary>
internal sealed class LayerProjection : Module
{
    /// <summary>Takes the linear map at <c>0</c> and the normalisation at <c>1</c>.</summary>
    public LayerProjection(Weights weights, HiddenLayout layout, long input, long width)
    {
        Linear = new TokenLinear(weights / 0, layout, input, width);
        Norm = layout == HiddenLayout.Maps ? new CellNorm(weights / 1, width) : new LayerNorm(weights / 1, width);
        NormParameters = (weights / 1).Parameters;
    }

    /// <summary>The linear map, the expensive part.</summary>
    public TokenLinear Linear { get; }

    /// <summary>The normalisation.</summary>
    public Module Norm { get; }

    /// <summary>Scale and shift of the normalisation.</summary>
    public IReadOnlyList<Tensor> NormParameters { get; }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) => Norm.Forward(Linear.Forward(input));
}
