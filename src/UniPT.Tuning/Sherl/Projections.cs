using UniPT.Torch;

namespace UniPT.Tuning.Sherl;

/// <summary>A projection that refines and gates what it found: <c>h = relu(W₁x)</c>, <c>(W₂h + h)·σ(W₃h)</c>.</summary>
internal sealed class TieredAdapter(Weights weights, int input, int output) : Module(weights)
{
    private readonly Linear _down = new(weights / "down", input, output);
    private readonly Linear _refine = new(weights / "refine", output, output);
    private readonly Linear _gate = new(weights / "gate", output, output);

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input)
    {
        Tensor hidden = _down.forward(input);
        hidden.relu_();
        return _refine.forward(hidden).Add(hidden) * _gate.forward(hidden).sigmoid();
    }
}

/// <summary>A linear map and a layer norm.</summary>
internal sealed class NormedLinear(Weights weights, int input, int output) : Module(weights)
{
    private readonly Linear _linear = new(weights / "linear", input, output);
    private readonly LayerNorm _norm = new(weights / "norm", output);

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) => _norm.forward(_linear.forward(input));
}
