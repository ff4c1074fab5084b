using System.Text.Json;
using UniPT.Torch;
using UniPT.Tuning.Lst;

namespace UniPT.Parity.Tests.Cases.T5;

/// <summary>A frozen stack of T5 with a ladder beside it.</summary>
internal sealed class T5Ladder
{
    private readonly (T5Block[] Blocks, RelativePositions Positions, T5Norm Norm) _host;
    private readonly (Dictionary<int, T5Block> Blocks, RelativePositions Positions, T5Norm Norm) _side;
    private readonly Ladder _ladder;

    /// <param name="weights">Where the stack's stand.</param>
    /// <param name="config">The recording's.</param>
    /// <param name="layers">How many blocks there are.</param>
    /// <param name="kept">Those with a rung, from 0.</param>
    /// <param name="decodes">Whether it looks at a memory, and back only.</param>
    public T5Ladder(Weights weights, JsonElement config, int layers, int[] kept, bool decodes)
    {
        T5Sizes host = T5Sizes.Of(config);
        T5Sizes side = host.Reduced(config.Number("task_reduction_factor"));
        RelativePositions Positions(string block, int first, T5Sizes sizes) =>
            new(weights / block / first / "layer" / 0 / "SelfAttention" / "relative_attention_bias", sizes, bothWays: !decodes);
        _host = (
            [.. Enumerable.Range(0, layers).Select(i => new T5Block(weights / "block" / i, host, decodes))],
            Positions("block", 0, host),
            new T5Norm(weights / "final_layer_norm", host.Width, host.Epsilon));
        _side = (
            kept.ToDictionary(i => i + 1, i => new T5Block(weights / "side_block" / i, side, decodes)),
            Positions("side_block", kept[0], side),
            new T5Norm(weights / "final_side_layer_norm", side.Width, side.Epsilon));
        _ladder = new Ladder(weights, [.. Enumerable.Repeat(host.Width, layers + 1)], side.Width, LstConfig.Options(config, kept, layers, bias: true));
    }

    /// <summary>The states of both networks, the last ones normalised.</summary>
    /// <param name="embedded">Tokens <c>[B, N, D]</c>.</param>
    /// <param name="mask">Added to the scores of self-attention.</param>
    /// <param name="memory">What the frozen blocks look at.</param>
    /// <param name="sideMemory">What the side blocks look at.</param>
    public (IReadOnlyList<Tensor> Hidden, IReadOnlyList<Tensor> Side) Forward(Tensor embedded, Tensor mask, T5Memory? memory = null, T5Memory? sideMemory = null)
    {
        int length = (int)embedded.size(1);
        var hidden = new List<Tensor> { embedded.detach() };
        Tensor last;
        using (torch.no_grad())
        {
            Tensor bias = _host.Positions.Bias(length) + mask;
            hidden.AddRange(_host.Blocks.Select(block => block.Forward(hidden[^1], bias, memory)));
            last = _host.Norm.Forward(hidden[^1]);
        }

        Tensor sideBias = _side.Positions.Bias(length) + mask;
        IReadOnlyList<Tensor> side = _ladder.Forward(hidden, (layer, state) => _side.Blocks[layer].Forward(state, sideBias, sideMemory));
        return ([.. hidden.SkipLast(1), last], [.. side.SkipLast(1), _side.Norm.Forward(side[^1])]);
    }
}
