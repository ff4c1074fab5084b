using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning.UniPT;

/// <summary>
/// Brings one layer to the width of the parallel network: a linear map, then layer norm on tokens or batch norm on the
/// cells of maps. The linear map is the expensive part and can be taken alone.
/// </summary>
internal sealed class LayerProjection : Module
{
    private readonly TokenLinear _linear;
    private readonly LayerStandardization? _standardization;

    /// <summary>Takes the linear map at <c>0</c> and the normalisation at <c>1</c>.</summary>
    /// <param name="weights">Where they stand.</param>
    /// <param name="layout">Tokens or the cells of maps.</param>
    /// <param name="input">Channels of the layer.</param>
    /// <param name="width">Width of the parallel network.</param>
    /// <param name="standardization">What is done to the layer first; null for nothing.</param>
    public LayerProjection(Weights weights, HiddenLayout layout, long input, long width, LayerStandardization? standardization = null)
    {
        _linear = new TokenLinear(weights / 0, layout, input, width);
        _standardization = standardization;
        Norm = layout == HiddenLayout.Maps ? new CellNorm(weights / 1, width) : new LayerNorm(weights / 1, width);
        LinearParameters = (weights / 0).Parameters;
        NormParameters = (weights / 1).Parameters;
    }

    /// <summary>The normalisation.</summary>
    public Module Norm { get; }

    /// <summary>Weight and bias of the linear map.</summary>
    public IReadOnlyList<Tensor> LinearParameters { get; }

    /// <summary>Scale and shift of the normalisation.</summary>
    public IReadOnlyList<Tensor> NormParameters { get; }

    /// <summary>The linear map alone.</summary>
    public Tensor Project(Tensor input)
    {
        using TensorScope scope = TensorScope.Begin();
        return scope.HandOut(_linear.Forward(Standardised(input)));
    }

    /// <summary>The gradients of the linear map's parameters from that of its output.</summary>
    public Tensor[] ParameterGradients(Tensor input, Tensor gradient) => _linear.ParameterGradients(Standardised(input), gradient);

    /// <summary>The gradient of the linear map's input from that of its output.</summary>
    public Tensor InputGradient(Tensor gradient)
    {
        Tensor found = _linear.InputGradient(gradient);
        return _standardization is null ? found : found * _standardization.Scale;
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) => Norm.Forward(Project(input));

    private Tensor Standardised(Tensor input) => _standardization?.Forward(input) ?? input;
}
