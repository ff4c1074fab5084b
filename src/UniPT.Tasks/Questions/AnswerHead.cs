using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Tasks.Questions;

/// <summary>
/// Clip-ViL's head, <c>[B, D] → [B, answers]</c>: a map to twice the width, erf-GELU, a layer norm and a map to the answers' logits, under the names
/// <c>0</c>, <c>2</c> and <c>3</c> of LXMERT's <c>logit_fc</c>.
/// </summary>
public sealed class AnswerHead : Module
{
    private const double Deviation = 0.02;
    private const double NormEpsilon = 1e-12;
    private readonly Linear _up;
    private readonly LayerNorm _norm;
    private readonly Linear _answers;

    /// <summary>Takes <c>0.weight</c> to <c>3.bias</c>; fresh weights are N(0, 0.02), biases 0.</summary>
    /// <param name="weights">Where they stand.</param>
    /// <param name="input">D.</param>
    /// <param name="answers">How many answers are known.</param>
    public AnswerHead(Weights weights, int input, int answers) : base(weights)
    {
        Initializer normal = Initializers.Normal(Deviation);
        _up = new Linear(weights / 0, input, 2 * input, initializer: normal);
        _norm = new LayerNorm(weights / 2, 2 * input, NormEpsilon);
        _answers = new Linear(weights / 3, 2 * input, answers, initializer: normal);
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input)
    {
        Tensor hidden = _up.forward(input);
        Activation.Gelu.Apply_(hidden);
        return _answers.forward(_norm.forward(hidden));
    }
}
