using UniPT.Torch;

namespace UniPT.Tasks.Retrieval.Heads;

/// <summary>
/// One direction of a single-layer GRU, <c>[B, N, input] → [B, N, hidden]</c>, as <c>torch.nn.GRU</c>. TorchSharp's own takes no
/// weights from outside.
/// </summary>
internal sealed class Gru : Module
{
    private readonly Parameter _inputWeight;
    private readonly Parameter _hiddenWeight;
    private readonly Parameter _inputBias;
    private readonly Parameter _hiddenBias;
    private readonly long _hidden;

    /// <summary>Takes <c>weight_ih, weight_hh, bias_ih, bias_hh</c>, each followed by <paramref name="suffix"/>.</summary>
    public Gru(Weights weights, string suffix, long input, long hidden) : base(weights)
    {
        Initializer initializer = Initializers.FanIn(hidden);
        _hidden = hidden;
        _inputWeight = weights.Parameter($"weight_ih{suffix}", initializer, 3 * hidden, input);
        _hiddenWeight = weights.Parameter($"weight_hh{suffix}", initializer, 3 * hidden, hidden);
        _inputBias = weights.Parameter($"bias_ih{suffix}", initializer, 3 * hidden);
        _hiddenBias = weights.Parameter($"bias_hh{suffix}", initializer, 3 * hidden);
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input)
    {
        // All steps' products with the input are one; those with the state follow each other.
        Tensor[] steps = nn.functional.linear(input, _inputWeight, _inputBias).unbind(1);
        Tensor state = torch.zeros(input.size(0), _hidden, dtype: input.dtype, device: input.device);
        var states = new Tensor[steps.Length];
        for (int i = 0; i < steps.Length; i++)
        {
            states[i] = state = Next(steps[i], state);
        }

        return torch.stack(states, 1);
    }

    // Reset, update and new gate stand side by side in this order.
    private Tensor Next(Tensor step, Tensor state)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor[] given = step.split(_hidden, 1);
        Tensor[] held = nn.functional.linear(state, _hiddenWeight, _hiddenBias).split(_hidden, 1);
        Tensor reset = given[0].Add(held[0]).sigmoid();
        Tensor update = given[1].Add(held[1]).sigmoid();
        Tensor fresh = given[2].Add(reset * held[2]).tanh();
        return scope.MoveToOuter(fresh.Add(update * (state - fresh)));
    }
}
