using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning.UniPT.EncoderDecoder;

/// <summary>
/// A frozen encoder–decoder with a parallel network beside each side, attached to the decoder's stream: the side network of the decoder
/// reads what that of the encoder gives.
/// </summary>
internal sealed class UniPTEncoderDecoder : TunedBackbone
{
    private readonly SideEncoder _encoder;
    private readonly SideDecoder _decoder;
    private readonly bool _auxiliary;

    /// <summary>Takes a <see cref="SideEncoder"/> at <c>encoder</c> and a <see cref="SideDecoder"/> at <c>decoder</c>.</summary>
    /// <param name="stream">The decoder's, with a memory.</param>
    /// <param name="weights">Where the weights stand.</param>
    /// <param name="output">Width of the adapted features.</param>
    /// <param name="options">What was chosen.</param>
    public UniPTEncoderDecoder(BackboneStream stream, Weights weights, int output, UniPTOptions options) : base(stream, weights)
    {
        int width = options.WidthOf(stream, output);
        (Output, MergedLayers, _auxiliary) = (output, [.. stream.LayerNames.SkipLast(1)], options.Resolved.Auxiliary is true);
        _encoder = new SideEncoder(weights / "encoder", stream.Memory!.Widths, width, options.Resolved);
        _decoder = new SideDecoder(weights / "decoder", stream.Widths, width, output, options.Resolved);
    }

    /// <inheritdoc/>
    public override int Output { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> MergedLayers { get; }

    /// <inheritdoc/>
    protected override TunedFeatures Compute(HiddenStates hidden)
    {
        HiddenStates memory = hidden.Memory
            ?? throw new UserException($"Beside {Stream} unipt reads the hidden states of the encoder too, and there are none.");
        Tensor side = _encoder.Forward(memory.Layers, memory.Mask);
        (Tensor features, IReadOnlyList<Tensor> auxiliary, Tensor confidence) = _decoder.Adapt(hidden.Layers, side, memory.Mask, hidden.Mask, _auxiliary);
        return new TunedFeatures(features, hidden.Mask, confidence) { Auxiliary = auxiliary };
    }
}
