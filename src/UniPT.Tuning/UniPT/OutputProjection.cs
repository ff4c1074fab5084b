using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.UniPT.Forms;

namespace UniPT.Tuning.UniPT;

/// <summary>From the parallel network's width to that of the adapted features.</summary>
internal sealed class OutputProjection : Module
{
    private readonly Weights _last;
    private readonly TokenLinear _linear;
    private readonly Module? _norm;
    private readonly bool _relu;

    /// <summary>Takes the linear map at <c>1</c> and the normalisation, where there is one, at <c>2</c>.</summary>
    public OutputProjection(Weights weights, HiddenLayout layout, long width, long output, NetworkForm form) : base(weights)
    {
        (_last, _relu) = (weights / (form.UpNorm ? 2 : 1), form.UpRelu);
        _linear = new TokenLinear(weights / 1, layout, width, output);
        _norm = form.UpNorm ? TokenNorm.Of(weights / 2, layout, output, form) : null;
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
