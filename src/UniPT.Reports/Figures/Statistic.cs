namespace UniPT.Reports.Figures;

/// <summary>A figure over seeds.</summary>
/// <param name="Mean">Mean; the figure itself where there was one seed.</param>
/// <param name="Deviation">Sample standard deviation; null where there was one seed.</param>
public sealed record Statistic(double Mean, double? Deviation = null)
{
    /// <summary>Mean and deviation of one figure per seed.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Statistic Of(IReadOnlyCollection<double> values)
    {
        if (values.Count == 0)
        {
            throw new ArgumentException("Without values there is no mean.", nameof(values));
        }

        double mean = values.Average();
        return values.Count == 1
            ? new Statistic(mean)
            : new Statistic(mean, Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1)));
    }
}
