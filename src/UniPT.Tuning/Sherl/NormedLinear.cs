using UniPT.Torch;

namespace UniPT.Tuning.Sherl;

/// <summary>A linear map and a layer norm.</summary>
internal sealed class NormedLinear(Weights weights, int input, int output) : Module(weights)
{
    private readonly Linear _linear = new(weights / "linear", input, output);
    private readonly LayerNorm _norm = new(weights / "norm", output);

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) => _norm.forward(_linear.forward(input));
}
