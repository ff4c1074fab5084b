using UniPT.Backbones;
using UniPT.Backbones.Media;
using UniPT.Backbones.Whisper;
using UniPT.Tasks.Sounds.Data;
using UniPT.Torch;

namespace UniPT.Tasks.Sounds;

/// <summary>Makes the backbone's input of recordings.</summary>
internal sealed class SoundInputs(SoundDataOptions options, Device device)
{
    private readonly LogMelSpectrogram _spectrogram = new(options.Bands);

    /// <summary>Frames of a whole recording's spectrogram, rounded up.</summary>
    internal static int FramesOf(Recording recording)
    {
        long samples = (((long)recording.Samples.Length * LogMelSpectrogram.Rate) + recording.Rate - 1) / recording.Rate;
        return (int)((samples + LogMelSpectrogram.Hop - 1) / LogMelSpectrogram.Hop);
    }

    /// <summary>Their spectrograms <c>[B, frames, bands]</c>, with a mask where silence behind them does not count.</summary>
    internal BackboneInput Batch(IReadOnlyList<Recording> recordings)
    {
        int frames = options.Frames;
        var values = new float[recordings.Count * frames * options.Bands];
        var lengths = new int[recordings.Count];
        for (int i = 0; i < recordings.Count; i++)
        {
            _spectrogram.Of(recordings[i].At(LogMelSpectrogram.Rate).Samples, frames).CopyTo(values, i * frames * options.Bands);
            lengths[i] = Math.Min(frames, FramesOf(recordings[i]));
        }

        using DisposeScope scope = torch.NewDisposeScope();
        Tensor signal = scope.MoveToOuter(TensorData.From(values, recordings.Count, frames, options.Bands).to(device));
        return BackboneInput.Signals(signal, options.Padding == SoundPadding.Masked ? scope.MoveToOuter(TokenMask.From(lengths, frames, device)) : null);
    }
}
