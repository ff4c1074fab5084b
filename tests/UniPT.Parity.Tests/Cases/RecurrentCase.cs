using UniPT.Backbones;
using UniPT.Backbones.Layers;
using UniPT.Backbones.Recurrent;

namespace UniPT.Parity.Tests.Cases;

/// <summary>Every hidden state and every gradient of a GRU or LSTM over sequences of different lengths.</summary>
internal sealed class RecurrentCase : IParityCase
{
    public string Name => "recurrent";

    public void Check(GoldenFile file) => ModuleParity.Check(file, weights =>
    {
        var encoder = new RecurrentEncoder(weights, new RecurrentConfig
        {
            Cell = file.Config.Text("cell", "") == "lstm" ? RecurrentCell.Lstm : RecurrentCell.Gru,
            Vocabulary = file.Config.TryGetProperty("vocab_size", out _) ? file.Config.Number("vocab_size") : null,
            Input = file.Config.Number("input"),
            Width = file.Config.Number("width"),
            Layers = file.Config.Number("layers"),
            Bidirectional = file.Config.Flag("bidirectional", false),
            Bias = file.Config.Flag("bias", true),
        });
        StateNames.Check(file, encoder);
        Tensor values = file.Input(encoder.Vocabulary is null ? "signal" : "input_ids");
        Tensor? mask = file.Config.Numbers("lengths") is { } lengths ? TokenMask.From(lengths, values.size(1)) : null;
        BackboneInput input = encoder.Vocabulary is null ? BackboneInput.Signals(values, mask) : BackboneInput.Texts(values, mask);
        return RecordedStates.Named(encoder.forward(input).Only);
    });
}
