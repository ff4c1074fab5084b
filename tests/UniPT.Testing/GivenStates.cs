using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Testing;

/// <summary>A backbone that gives the same hidden states whatever its input; with a memory it is an encoder and a decoder.</summary>
public sealed class GivenStates : Backbone
{
    private readonly BackboneOutput _output;

    public GivenStates(HiddenStates states) : base(Weights.Fresh(0).Store)
    {
        States = states;
        if (states.Memory is { } memory)
        {
            BackboneStream encoder = StreamOf(BackboneStream.Encoder, memory);
            Streams = new(encoder, StreamOf(BackboneStream.Decoder, states, encoder));
            _output = new((BackboneStream.Encoder, memory), (BackboneStream.Decoder, states));
        }
        else
        {
            Streams = new(StreamOf("given", states));
            _output = new("given", states);
        }
    }

    public HiddenStates States { get; }

    public override string Name => "given";

    public override BackboneStreams Streams { get; }

    protected override BackboneOutput Compute(BackboneInput input) => _output;

    private BackboneStream StreamOf(string name, HiddenStates states, BackboneStream? memory = null)
    {
        HiddenLayout layout = states.Layers[0].ndim == 4 ? HiddenLayout.Maps : HiddenLayout.Tokens;
        return new BackboneStream(
            this,
            name,
            layout,
            [.. states.Layers.Select(layer => (int)layer.size(layout == HiddenLayout.Maps ? 1 : 2))],
            [.. states.Layers.Select((_, i) => $"layer {i}")])
        {
            PooledWidth = (int?)states.Pooled?.size(1),
            Memory = memory,
        };
    }
}
