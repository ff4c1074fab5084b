using UniPT.Backbones.Whisper;
using UniPT.Testing;

namespace UniPT.Backbones.Tests.Whisper;

public sealed class LogMelSpectrogramTests
{
    private static readonly LogMelSpectrogram Bands80 = new();

    /// <summary>Bands have their middles at equal steps of 0 to 45.245… mel: 1 kHz, which is 15 mel, is of the 26th or 27th of 80.</summary>
    [Theory]
    [InlineData(1000, 26)]
    [InlineData(4000, 61)]
    public void AToneIsLoudestInItsBand(double hertz, int band)
    {
        float[] spectrogram = Bands80.Of(Samples(Waves.Sine(hertz, 0.5)), 50);
        float[] middle = spectrogram[(25 * 80)..(26 * 80)];
        Assert.InRange(Array.IndexOf(middle, middle.Max()), band - 1, band + 1);
    }

    [Fact]
    public void SilenceBehindARecordingIsEightTenthPowersBelowItsLoudest()
    {
        float[] spectrogram = Bands80.Of(Samples(Waves.Sine(440, 0.2)), 100);
        Assert.Equal(100 * 80, spectrogram.Length);
        Assert.All(spectrogram[(30 * 80)..], value => Assert.Equal(spectrogram.Max() - 2, value, 1e-5));
    }

    [Fact]
    public void SilenceAloneIsTheLeastThatThereIs() => Assert.All(Bands80.Of([], 3000), value => Assert.Equal(-1.5f, value));

    [Fact]
    public void WhatIsLongerIsCut()
    {
        double[] tone = Waves.Sine(440, 0.3);
        Assert.Equal(Bands80.Of(Samples(tone[..1600]), 10), Bands80.Of(Samples(tone), 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => Bands80.Of([1f], LogMelSpectrogram.FewestFrames - 1));
        Assert.Equal(160, Bands80.Of([1f], LogMelSpectrogram.FewestFrames).Length);
    }

    [Fact]
    public void NothingPilesUp()
    {
        float[] samples = Samples(Waves.Sine(440, 0.1));
        Leaks.None(() => Bands80.Of(samples, 10));
    }

    private static float[] Samples(double[] samples) => [.. samples.Select(sample => (float)sample)];
}
