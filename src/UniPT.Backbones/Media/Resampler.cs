namespace UniPT.Backbones.Media;

/// <summary>
/// Resamples by a low-pass filter, sinc times a Hann window, sampled where the new samples lie between the old ones (Smith, "Digital Audio Resampling",
/// CCRMA). Its edge is at 0.95 of half the lower rate; what lies above half of that rate is some 60 dB down.
/// Safe to use from several threads.
/// </summary>
internal sealed class Resampler
{
    private const double Edge = 0.95;
    private const int Crossings = 32;
    private readonly long _from;
    private readonly long _to;
    private readonly int _reach;
    private readonly float[]?[] _kernels;
    private readonly double _width;

    internal Resampler(int from, int to)
    {
        long common = Common(from, to);
        (_from, _to) = (from / common, to / common);
        _width = Edge * Math.Min(1, (double)to / from);
        _reach = (int)Math.Ceiling(Crossings / _width);
        _kernels = new float[]?[_to];
    }

    /// <summary>As many samples as fill the same time, rounded up.</summary>
    internal float[] Resample(ReadOnlySpan<float> samples)
    {
        var resampled = new float[(((long)samples.Length * _to) + _from - 1) / _from];
        for (long n = 0; n < resampled.Length; n++)
        {
            // Sample n lies at this old one, and this many new ones behind it, which repeats.
            (long middle, long behind) = Math.DivRem(n * _from, _to);
            float[] kernel = _kernels[behind] ??= Kernel((double)behind / _to);
            double sum = 0;
            int first = (int)Math.Max(0, middle - _reach);
            int last = (int)Math.Min(samples.Length - 1, middle + _reach);
            for (int k = first; k <= last; k++)
            {
                sum += kernel[k - middle + _reach] * samples[k];
            }

            resampled[n] = (float)sum;
        }

        return resampled;
    }

    private float[] Kernel(double offset)
    {
        var kernel = new float[(2 * _reach) + 1];
        for (int k = 0; k < kernel.Length; k++)
        {
            double crossing = (k - _reach - offset) * _width;
            double angle = Math.PI * crossing;
            double window = Math.Abs(crossing) < Crossings ? Math.Pow(Math.Cos(angle / (2 * Crossings)), 2) : 0;
            kernel[k] = (float)(_width * window * (angle == 0 ? 1 : Math.Sin(angle) / angle));
        }

        return kernel;
    }

    private static long Common(long a, long b) => b == 0 ? a : Common(b, a % b);
}
