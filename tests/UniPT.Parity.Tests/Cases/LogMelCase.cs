using UniPT.Backbones.Whisper;
using UniPT.Torch;

namespace UniPT.Parity.Tests.Cases;

/// <summary>Whisper's spectrogram of recordings shorter and longer than the frames that are asked for.</summary>
internal sealed class LogMelCase : IParityCase
{
    public string Name => "log-mel";

    public void Check(GoldenFile file)
    {
        (int bands, int frames) = (file.Config.Number("num_mel_bins"), file.Config.Number("frames"));
        float[] spectrogram = new LogMelSpectrogram(bands).Of(file.Input("samples").ToArray<float>(), frames);
        Comparison.Same(file, "output.spectrogram", TensorData.From(spectrogram, frames, bands));
    }
}
