using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning.UniPT.Projections;

/// <summary>From the parallel network's width to that of the adapted features.</summary>
internal sealed class OutputProjection : Module
{
    private readonly Weights _last;
    private readonly TokenLinear _linear;
    private readonly Module? _norm;
    private readonly bool _relu;

    /// <summary>Takes the linear map at <c>1</c> and the normalisation, where there is one, at <c>2</c>.</summary>
    public OutputProjection(Weights weights, HiddenLayout layout, long width, long output, UniPTOptions options) : base(weights)
    {
        (_last, _relu) = (weights / (options.UpNorm is true ? 2 : 1), options.UpRelu is true);
        _linear = new TokenLinear(weights / 1, layout, width, output);
        _norm = options.UpNorm is true ? TokenNorm.Of(weights / 2, layout, output, options) : null;
    }

    /// <summary>Makes the output zero until it is trained.</summary>
    public void Silence() => _last.Fill(0);

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input)
    {
        Tensor output = _linear.forward(_relu ? input.relu() : input);
        return _norm?.forward(output) ?? output;
    }
}
