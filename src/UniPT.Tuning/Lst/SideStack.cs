using UniPT.Backbones;
using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Tuning.Lst;

/// <summary>A ladder beside one stream: the rungs, a side layer behind each, and a norm of its own where the stream ends with one.</summary>
internal sealed class SideStack
{
    private readonly BackboneStream _stream;
    private readonly LstShape _shape;
    private readonly Ladder _ladder;
    private readonly Dictionary<int, TransformerBlock> _blocks = [];
    private readonly FinalNorm? _end;

    /// <summary>Takes the ladder, <c>side_block.i</c> and, where the stream ends with a norm, <c>final_side_layer_norm</c>.</summary>
    public SideStack(BackboneStream stream, Weights weights, LstOptions options, IReadOnlyList<int> dropped)
    {
        (_stream, _shape) = (stream, LstShape.Of(stream, options));
        _ladder = new Ladder(weights, stream.Widths, _shape.Width, options, dropped);
        foreach (int layer in _ladder.Layers)
        {
            _blocks.Add(layer, _shape.Block(weights / "side_block" / (layer - 1), _blocks.Values.FirstOrDefault()));
        }

        _end = stream.End?.Resized(weights / "final_side_layer_norm", _shape.Width);
    }

    /// <summary>Channels of the side states.</summary>
    public int Width => _shape.Width;

    /// <summary>The side state before the first rung and after each, of the last one behind the norm: <c>[B, N, width]</c>.</summary>
    /// <param name="hidden">Of the stream.</param>
    /// <param name="memory">The side states of the encoder beside whose decoder it stands.</param>
    public IReadOnlyList<Tensor> Forward(HiddenStates hidden, AttentionMemory? memory)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor[] states = _stream.Layout == HiddenLayout.Maps ? Pooled(hidden.Layers) : [.. hidden.Layers];
        Tensor? mask = Mask(hidden, states[0]);
        IReadOnlyList<Tensor> side = _ladder.Forward(states, (layer, state) => _blocks[layer].Forward(state, mask, memory: memory));
        return scope.MoveAllToOuter((Tensor[])(_end is null ? [.. side] : [.. side.SkipLast(1), _end.forward(side[^1])]));
    }

    /// <summary>What a side decoder looks at.</summary>
    public AttentionMemory AsMemory(HiddenStates hidden, Tensor state) => new(state, AttentionMask.Keys(hidden.Mask, _shape.Heads));

    /// <summary>Makes the side layers of the stream's.</summary>
    /// <param name="map">How much each weight of a linear map matters, at least 0.</param>
    /// <param name="words">The same of the stream's <see cref="BackboneStream.Words"/>; null where it has none.</param>
    public void Prune(Func<LinearMap, Tensor> map, Tensor? words) => Pruning.Start(
        [.. _stream.Blocks.Select((block, i) => (block.Layer!, _blocks.GetValueOrDefault(i + 1)))], _stream.End?.Norm, _end?.Norm, _shape, map, words);

    private Tensor? Mask(HiddenStates hidden, Tensor tokens) => _stream.IsAutoregressive
        ? AttentionMask.CausalKeys(tokens.size(1), hidden.Mask, _shape.Heads, tokens.device)
        : AttentionMask.Keys(hidden.Mask, _shape.Heads);

    /// <summary>The cells of maps, averaged to the size of the last one.</summary>
    private static Tensor[] Pooled(IReadOnlyList<Tensor> maps) =>
        [.. maps.Select(map => nn.functional.adaptive_avg_pool2d(map, (maps[^1].size(2), maps[^1].size(3))).flatten(2).transpose(1, 2))];
}
