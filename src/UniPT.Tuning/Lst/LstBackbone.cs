using UniPT.Backbones;
using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Tuning.Lst;

/// <summary>A frozen backbone with a ladder beside it.</summary>
internal sealed class LstBackbone : TunedBackbone, IStartsFromFisher
{
    private readonly Ladder _ladder;
    private readonly Dictionary<int, TransformerBlock> _blocks;
    private readonly Linear _up;
    private readonly LstOptions _options;
    private readonly LstShape _shape;

    /// <summary>Takes the ladder, <c>side_block.i</c> and <c>side_final_upsample</c>.</summary>
    public LstBackbone(BackboneStream stream, Weights weights, int output, LstOptions options, LstShape shape) : base(stream, weights)
    {
        (Output, _options, _shape) = (output, options, shape);
        _ladder = new Ladder(weights, stream.Widths, shape.Width, options);
        _blocks = _ladder.Layers.ToDictionary(layer => layer, layer => shape.Block(weights / "side_block" / (layer - 1)));
        _up = new Linear(weights / "side_final_upsample", shape.Width, output, options.Bias);
        if (options.Start == LstStart.Magnitude)
        {
            Prune(map => map.Weight.abs());
        }
    }

    /// <inheritdoc/>
    public override int Output { get; }

    /// <inheritdoc/>
    public int FisherBatches => _options.Start == LstStart.Fisher ? _options.FisherBatches : 0;

    /// <inheritdoc/>
    public void StartFrom(IReadOnlyDictionary<string, Tensor> fisher) => Prune(map => map.WeightIn(fisher));

    /// <inheritdoc/>
    protected override TunedFeatures Compute(HiddenStates hidden)
    {
        Tensor[] states = Stream.Layout == HiddenLayout.Maps ? Pooled(hidden.Layers) : [.. hidden.Layers];
        Tensor? mask = AttentionMask.Keys(hidden.Mask, _shape.Heads);
        IReadOnlyList<Tensor> side = _ladder.Forward(states, (layer, state) => _blocks[layer].Forward(state, mask));
        return new TunedFeatures(_up.forward(side[^1]), hidden.Mask);
    }

    /// <summary>The cells of maps, averaged to the size of the last one.</summary>
    private static Tensor[] Pooled(IReadOnlyList<Tensor> maps) =>
        [.. maps.Select(map => nn.functional.adaptive_avg_pool2d(map, (maps[^1].size(2), maps[^1].size(3))).flatten(2).transpose(1, 2))];

    private void Prune(Func<LinearMap, Tensor> importance) => Pruning.Start(
        [.. Stream.Blocks.Select((block, i) => (block.Layer!, _blocks.GetValueOrDefault(i + 1)))], _shape.Width, _shape.Inner, importance);
}
