using UniPT.Backbones;
using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Tuning.Tests.Hosts;

/// <summary>A frozen random Transformer of a few layers of one width; its input is the embedding.</summary>
internal sealed class TinyTransformer : Backbone
{
    private readonly TransformerBlock[] _layers;

    public TinyTransformer(BlockShape shape, int layers, bool normalisesInputs) : this(Torch.Weights.Fresh(9), shape, layers, normalisesInputs)
    {
    }

    private TinyTransformer(Weights weights, BlockShape shape, int layers, bool normalisesInputs) : base(weights.Store)
    {
        Weights Place(int layer) => weights / "layers" / layer;
        _layers = [.. Enumerable.Range(0, layers).Select<int, TransformerBlock>(i => normalisesInputs ? new PreNormBlock(Place(i), shape) : new PostNormBlock(Place(i), shape))];
        string[] names = [.. Enumerable.Range(0, layers + 1).Select(i => $"layer {i}")];
        Streams = new(new BackboneStream(this, BackboneStream.Text, HiddenLayout.Tokens, [.. names.Select(_ => shape.Width)], names)
        {
            Blocks = [.. _layers.Select((layer, i) => layer.Points(names[i + 1], Place(i)))],
        });
        foreach (Tensor parameter in Store.Parameters.Values)
        {
            parameter.requires_grad = false;
        }
    }

    public override string Name => "tiny";

    public override BackboneStreams Streams { get; }

    protected override BackboneOutput Compute(BackboneInput input)
    {
        var states = new List<Tensor> { input.Values };
        Tensor? mask = AttentionMask.Keys(input.Mask, _layers[0].Attention.HeadCount);
        foreach (TransformerBlock layer in _layers)
        {
            states.Add(layer.Forward(states[^1], mask));
        }

        return new(BackboneStream.Text, new HiddenStates(states, input.Mask));
    }
}
