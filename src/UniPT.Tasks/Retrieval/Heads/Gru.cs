using UniPT.Torch;

namespace UniPT.Tasks.Retrieval.Heads;

/// <summary>One direction of a single-layer GRU, <c>[B, N, input] → [B, N, hidden]</c>, as <c>torch.nn.GRU</c>.</summary>
internal sealed class Gru : Module
{
    private readonly Tensor[] _parameters;
    private readonly long _hidden;

    /// <summary>Takes <c>weight_ih, weight_hh, bias_ih, bias_hh</c>, each followed by <paramref name="suffix"/>.</summary>
    public Gru(Weights weights, string suffix, long input, long hidden)
    {
        Initializer initializer = Initializers.FanIn(hidden);
        _hidden = hidden;
        _parameters =
        [
            weights.Parameter($"weight_ih{suffix}", initializer, 3 * hidden, input),
            weights.Parameter($"weight_hh{suffix}", initializer, 3 * hidden, hidden),
            weights.Parameter($"bias_ih{suffix}", initializer, 3 * hidden),
            weights.Parameter($"bias_hh{suffix}", initializer, 3 * hidden),
        ];
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input)
    {
        Tensor start = torch.zeros(1, input.size(0), _hidden, dtype: input.dtype, device: input.device);
        return input.Gru(start, _parameters)[0];
    }
}
