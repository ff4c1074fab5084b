using UniPT.Backbones.Media;
using UniPT.Testing;

namespace UniPT.Backbones.Tests.Media;

public sealed class ResamplerTests
{
    /// <summary>A sine that both rates hold is the same sine in the other, but for the ends, where there is nothing outside.</summary>
    [Theory]
    [InlineData(44_100, 16_000, 1000)]
    [InlineData(48_000, 16_000, 6000)]
    [InlineData(22_050, 16_000, 100)]
    [InlineData(8000, 16_000, 3000)]
    [InlineData(16_000, 44_100, 3000)]
    [InlineData(11_027, 16_000, 440)]
    public void ASineStaysTheSameSine(int from, int to, double hertz)
    {
        Recording resampled = Recorded(Waves.Sine(hertz, 0.2, from), from).At(to);
        Assert.Equal(to, resampled.Rate);
        Assert.Equal(Math.Ceiling((int)(0.2 * from) * (double)to / from), resampled.Samples.Length);
        double[] expected = Waves.Sine(hertz, 0.21, to);
        for (int i = resampled.Samples.Length / 4; i < resampled.Samples.Length * 3 / 4; i++)
        {
            Assert.Equal(expected[i], resampled.Samples[i], 1e-3);
        }
    }

    /// <summary>What the new rate cannot hold would otherwise come back as another tone.</summary>
    [Theory]
    [InlineData(44_100, 8500)]
    [InlineData(44_100, 15_000)]
    [InlineData(48_000, 10_000)]
    public void WhatIsTooHighIsLeftOut(int from, double hertz)
    {
        float[] samples = Recorded(Waves.Sine(hertz, 0.2, from), from).At(16_000).Samples;
        Assert.All(samples[800..2400], sample => Assert.Equal(0, sample, 1e-3));
    }

    [Fact]
    public void TheSameRateIsTheSameRecording()
    {
        var recording = new Recording([1, 2, 3], 8000);
        Assert.Same(recording, recording.At(8000));
    }

    private static Recording Recorded(double[] samples, int rate) => new([.. samples.Select(sample => (float)sample)], rate);
}
