using System.Collections.Concurrent;

namespace UniPT.Backbones.Media;

/// <summary>A sound in one channel.</summary>
/// <param name="Samples">One after the other, full scale at −1 and 1.</param>
/// <param name="Rate">Samples a second, at least 1.</param>
public sealed record Recording(float[] Samples, int Rate)
{
    private static readonly ConcurrentDictionary<(int From, int To), Resampler> Resamplers = [];

    /// <summary>Seconds.</summary>
    public double Duration => (double)Samples.Length / Rate;

    /// <summary>Reads a WAV file, as <see cref="WaveFile.Decode"/>.</summary>
    /// <exception cref="UserException">It cannot be read, or as <see cref="WaveFile.Decode"/>.</exception>
    public static Recording Read(string path)
    {
        try
        {
            return WaveFile.Decode(File.ReadAllBytes(path), path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"Cannot read {path}: {error.Message}", error);
        }
    }

    /// <summary>The same sound in another rate: a windowed sinc that passes what lies below both rates' halves. The same one where the rate is the same.</summary>
    /// <param name="rate">Samples a second, at least 1.</param>
    public Recording At(int rate) => rate == Rate ? this : new(Resamplers.GetOrAdd((Rate, rate), pair => new Resampler(pair.From, pair.To)).Resample(Samples), rate);
}
