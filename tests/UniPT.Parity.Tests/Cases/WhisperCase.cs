using UniPT.Backbones;
using UniPT.Backbones.Whisper;

namespace UniPT.Parity.Tests.Cases;

/// <summary>Every hidden state and every gradient of Whisper's encoder, on recordings as long as it reads and on shorter ones of different lengths.</summary>
internal sealed class WhisperCase : IParityCase
{
    public string Name => "whisper";

    public void Check(GoldenFile file) => ModuleParity.Check(file, weights =>
    {
        var encoder = new WhisperEncoder(weights, new WhisperConfig
        {
            Bands = file.Config.Number("num_mel_bins"),
            Width = file.Config.Number("d_model"),
            Layers = file.Config.Number("encoder_layers"),
            Heads = file.Config.Number("encoder_attention_heads"),
            FeedForward = file.Config.Number("encoder_ffn_dim"),
            Positions = file.Config.Number("max_source_positions"),
        });
        StateNames.Check(file, encoder);
        Tensor signal = file.Input("signal");
        Tensor? mask = file.Config.Numbers("lengths") is { } lengths ? TokenMask.From(lengths, signal.size(1)) : null;
        return RecordedStates.Named(encoder.forward(BackboneInput.Signals(signal, mask)).Only);
    });
}
