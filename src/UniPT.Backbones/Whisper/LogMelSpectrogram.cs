using UniPT.Torch;

namespace UniPT.Backbones.Whisper;

/// <summary>
/// Whisper's input: 100 frames a second of a recording at 16 kHz, each the logarithm of its power in some bands of Slaney's mel scale from 0 to 8 kHz
/// (Hugging Face's <c>WhisperFeatureExtractor</c>). What is 80 dB below a recording's loudest band is cut off there, and values are of about −1 to 1.
/// </summary>
/// <param name="bands">80, or 128 for <c>large-v3</c>.</param>
public sealed class LogMelSpectrogram(int bands = 80)
{
    /// <summary>Samples a second of what is read.</summary>
    public const int Rate = 16_000;

    /// <summary>Samples between two frames.</summary>
    public const int Hop = 160;

    /// <summary>Frames a second.</summary>
    public const int FrameRate = Rate / Hop;

    private const int Window = 400;
    private const int Bins = (Window / 2) + 1;
    private const double Least = 1e-10;
    private const double Range = 8;
    private readonly double[] _filters = Filters(bands);

    /// <summary>Bands of a frame.</summary>
    public int Bands { get; } = bands;

    /// <summary>Fewest frames of a spectrogram; shorter windows have nothing to be mirrored at their ends.</summary>
    public static int FewestFrames => (Window / 2 / Hop) + 1;

    /// <summary>The spectrogram <c>[frames, bands]</c>, row by row. A shorter recording is followed by silence, of a longer one the end is left out.</summary>
    /// <param name="samples">At <see cref="Rate"/>, full scale at −1 and 1.</param>
    /// <param name="frames">How many frames; Whisper's is 3000, half a minute. At least <see cref="FewestFrames"/>.</param>
    public float[] Of(ReadOnlySpan<float> samples, int frames)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, FewestFrames);
        var padded = new double[(frames * Hop) + Window];
        int count = Math.Min(samples.Length, frames * Hop);
        const int Half = Window / 2;
        for (int i = 0; i < count; i++)
        {
            padded[Half + i] = samples[i];
        }

        // Both ends are mirrored without the sample at the end itself.
        for (int i = 1; i <= Half; i++)
        {
            padded[Half - i] = padded[Half + i];
            padded[^(Half - i + 1)] = padded[^(Half + i + 1)];
        }

        return TorchErrors.Explain(() =>
        {
            using DisposeScope scope = torch.NewDisposeScope();
            using IDisposable unrecorded = torch.no_grad();
            Tensor windows = TensorData.From(padded, padded.Length).unfold(0, Window, Hop).narrow(0, 0, frames);
            Tensor spectrum = torch.fft.rfft(windows * TensorData.From(Hann(), Window));
            Tensor magnitude = spectrum.abs();
            Tensor power = (magnitude * magnitude).mm(TensorData.From(_filters, Bins, Bands));
            Tensor logarithms = power.clamp_min(Scalars.Of(Least)).log10();
            Tensor cut = logarithms.maximum(logarithms.max() - Scalars.Of(Range));
            return (cut.Add(4) / Scalars.Of(4)).to(ScalarType.Float32).ToArray<float>();
        });
    }

    /// <summary>Slaney's triangles of equal area between neighbouring bands, <c>[bins, bands]</c> row by row.</summary>
    private static double[] Filters(int bands)
    {
        double[] edges = [.. Enumerable.Range(0, bands + 2).Select(i => Hertz(Mel(Rate / 2.0) * i / (bands + 1)))];
        var filters = new double[Bins * bands];
        for (int bin = 0; bin < Bins; bin++)
        {
            double frequency = (double)bin * Rate / Window;
            for (int band = 0; band < bands; band++)
            {
                (double low, double middle, double high) = (edges[band], edges[band + 1], edges[band + 2]);
                double height = Math.Min((frequency - low) / (middle - low), (high - frequency) / (high - middle));
                filters[(bin * bands) + band] = Math.Max(0, height) * 2 / (high - low);
            }
        }

        return filters;
    }

    // Linear up to 1 kHz, which is 15 mel, then 27 mel for every factor of 6.4.
    private static double Mel(double hertz) => hertz < 1000 ? hertz * 3 / 200 : 15 + (27 * Math.Log(hertz / 1000, 6.4));

    private static double Hertz(double mel) => mel < 15 ? mel * 200 / 3 : 1000 * Math.Pow(6.4, (mel - 15) / 27);

    private static double[] Hann() => [.. Enumerable.Range(0, Window).Select(i => 0.5 - (0.5 * Math.Cos(2 * Math.PI * i / Window)))];
}
