using UniPT.Torch;

namespace UniPT.Tuning.Lst;

/// <summary>
/// The rungs of a ladder: the first hidden state, projected, is the side state; each further one is projected, mixed in and
/// followed by a side layer (Sung et al., NeurIPS 2022, arXiv 2206.06522).
/// </summary>
internal sealed class Ladder
{
    private readonly Linear _first;
    private readonly (int Layer, Linear Down, LadderGate Gate)[] _rungs;

    /// <summary>Takes <c>side_first_downsample</c>, <c>side_downsamples.i</c> and <c>side_gate_params.i</c>, i counted from hidden state 1.</summary>
    /// <param name="weights">Where they stand.</param>
    /// <param name="widths">Channels of the hidden states.</param>
    /// <param name="width">Channels of the side network.</param>
    /// <param name="options">Gates, and whether there are biases.</param>
    /// <param name="dropped">Hidden states without a rung.</param>
    public Ladder(Weights weights, IReadOnlyList<int> widths, int width, LstOptions options, IReadOnlyList<int> dropped)
    {
        Linear Down(Weights place, int layer) => new(place, widths[layer], width, options.Bias);
        _first = Down(weights / "side_first_downsample", 0);
        _rungs =
        [
            .. Enumerable.Range(1, widths.Count - 1).Except(dropped).Select(layer => (
                layer,
                Down(weights / "side_downsamples" / (layer - 1), layer),
                new LadderGate(weights / "side_gate_params", $"{layer - 1}", options))),
        ];
    }

    /// <summary>The hidden states that are mixed in.</summary>
    public IReadOnlyList<int> Layers => [.. _rungs.Select(rung => rung.Layer)];

    /// <summary>The side state before the first rung and after each, <c>[B, N, width]</c>.</summary>
    /// <param name="states">Tokens <c>[B, N, D]</c> of every hidden state.</param>
    /// <param name="block">Applies the side layer that belongs to a hidden state.</param>
    public IReadOnlyList<Tensor> Forward(IReadOnlyList<Tensor> states, Func<int, Tensor, Tensor> block)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var side = new List<Tensor> { _first.forward(states[0]) };
        foreach ((int layer, Linear down, LadderGate gate) in _rungs)
        {
            using Tensor mixed = gate.Mix(side[^1], down.forward(states[layer]));
            side.Add(block(layer, mixed));
        }

        return scope.MoveAllToOuter(side);
    }
}
