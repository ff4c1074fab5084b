using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning.UniPT.Projections;

/// <summary>
/// Brings one layer to the width of the parallel network: a linear map, and a normalisation after it or a ReLU before it.
/// The linear map is the expensive part and can be taken alone.
/// </summary>
internal sealed class LayerProjection : Module
{
    private readonly TokenLinear _linear;
    private readonly Module? _norm;
    private readonly LayerStandardization? _standardization;

    /// <summary>Takes the linear map and the normalisation at <c>0</c> and <c>1</c>, or after a ReLU the linear map at <c>1</c>.</summary>
    /// <param name="weights">Where they stand.</param>
    /// <param name="layout">Tokens or the cells of maps.</param>
    /// <param name="input">Channels of the layer.</param>
    /// <param name="width">Width of the parallel network.</param>
    /// <param name="options">Every option chosen: which of the two it is, and how it normalises.</param>
    /// <param name="standardization">What is done to the layer first; null for nothing.</param>
    public LayerProjection(
        Weights weights, HiddenLayout layout, long input, long width, UniPTOptions options, LayerStandardization? standardization = null) : base(weights)
    {
        bool norm = options.LayerMap == LayerMap.LinearNorm;
        int linear = norm ? 0 : 1;
        _linear = new TokenLinear(weights / linear, layout, input, width);
        _norm = norm ? TokenNorm.Of(weights / 1, layout, width, options) : null;
        _standardization = standardization;
        LinearParameters = (weights / linear).Parameters;
        NormParameters = _norm is null ? [] : (weights / 1).Parameters;
    }

    /// <summary>Weight and bias of the linear map.</summary>
    public IReadOnlyList<Tensor> LinearParameters { get; }

    /// <summary>Scale and shift of the normalisation; empty without one.</summary>
    public IReadOnlyList<Tensor> NormParameters { get; }

    /// <summary>The linear map's weight, <c>[width, input]</c>.</summary>
    public Tensor Weight => _linear.Weight;

    /// <summary>Its bias.</summary>
    public Tensor Bias => _linear.Bias;

    /// <summary>The linear map alone, with what stands before it.</summary>
    public Tensor Project(Tensor input)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(_linear.forward(Prepared(input)));
    }

    /// <summary>What stands before the linear map.</summary>
    public Tensor Prepared(Tensor input) => _norm is null ? Standardised(input).relu() : Standardised(input);

    /// <summary>What stands after the linear map.</summary>
    public Tensor Normalise(Tensor projected) => _norm?.forward(projected) ?? projected;

    /// <summary>The gradients of the linear map's parameters from that of its output.</summary>
    public Tensor[] ParameterGradients(Tensor input, Tensor gradient) => _linear.ParameterGradients(Prepared(input), gradient);

    /// <summary>The gradient of what <see cref="Project"/> was given from that of what it gave.</summary>
    public Tensor InputGradient(Tensor input, Tensor gradient)
    {
        Tensor found = _linear.InputGradient(gradient);
        found = _norm is null ? found * Standardised(input).gt(Scalars.Of(0)).to(found.dtype) : found;
        return _standardization is null ? found : found * _standardization.Scale;
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) => Normalise(Project(input));

    private Tensor Standardised(Tensor input) => _standardization?.Forward(input) ?? input;
}

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
