using System.Globalization;

namespace UniPT.Reports.Charts;

/// <summary>Maps values to places along an axis and marks round ones.</summary>
internal sealed class Axis
{
    private const int WantedTicks = 5;

    private readonly double _low;
    private readonly double _high;

    private Axis(double low, double high, bool logarithmic, IReadOnlyList<double> ticks)
    {
        (_low, _high, IsLogarithmic, Ticks) = (low, high, logarithmic, ticks);
    }

    internal bool IsLogarithmic { get; }

    /// <summary>Round values, ascending.</summary>
    internal IReadOnlyList<double> Ticks { get; }

    /// <summary>An axis from a round value at or below <paramref name="low"/> to one at or above <paramref name="high"/>.</summary>
    internal static Axis Linear(double low, double high)
    {
        double step = RoundStep((high > low ? high - low : Math.Max(Math.Abs(high), 1)) / WantedTicks);
        double first = Math.Floor(low / step);
        double last = Math.Max(Math.Ceiling(high / step), first + 1);
        return new Axis(first * step, last * step, false, [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => (first + i) * step)]);
    }

    /// <summary>An axis that ends exactly at <paramref name="high"/>, with ticks at whole numbers.</summary>
    internal static Axis Counting(int low, int high)
    {
        int step = (int)Math.Max(1, RoundStep((high - low) / (double)WantedTicks));
        int first = Math.Max(low, 1);
        IEnumerable<double> ticks = Enumerable.Range(0, (high / step) + 1).Select(i => (double)(i * step)).Where(tick => tick > first);
        return new Axis(low, Math.Max(high, low + 1), false, [first, .. ticks]);
    }

    /// <summary>An axis of powers of 10, with their double and fivefold where it spans few; 0 &lt; low &lt; high.</summary>
    internal static Axis Logarithmic(double low, double high)
    {
        int first = (int)Math.Floor(Math.Log10(low));
        int last = (int)Math.Ceiling(Math.Log10(high));
        double[] factors = last - first > 2 ? [1] : [1, 2, 5];
        IEnumerable<double> round =
            from power in Enumerable.Range(first - 1, last - first + 3)
            from factor in factors
            select factor * Math.Pow(10, power);
        double[] candidates = [.. round];
        double from = candidates.Last(tick => tick <= low);
        double to = candidates.First(tick => tick >= high);
        return new Axis(from, to, true, [.. candidates.Where(tick => tick >= from && tick <= to)]);
    }

    /// <summary>Where a value is, 0 at the low end to 1 at the high end.</summary>
    internal double Share(double value) => IsLogarithmic
        ? Math.Log(value / _low) / Math.Log(_high / _low)
        : (value - _low) / (_high - _low);

    /// <summary>A tick's text, as short as it can be.</summary>
    internal static string Text(double tick) => Math.Abs(tick) >= 1000
        ? tick.ToString("N0", CultureInfo.InvariantCulture)
        : tick.ToString("0.######", CultureInfo.InvariantCulture);

    /// <summary>The next of 1, 2, 5, 10, 20 … that is not smaller.</summary>
    private static double RoundStep(double step)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        double factor = step / power;
        return power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
    }
}
