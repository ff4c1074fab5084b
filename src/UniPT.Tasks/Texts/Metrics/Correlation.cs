namespace UniPT.Tasks.Texts.Metrics;

/// <summary>
/// How well two rows of numbers go together, −1 … 1; the values of scipy's <c>pearsonr</c> and <c>spearmanr</c>. Both are not a number where one side is
/// constant or there are fewer than two pairs.
/// </summary>
public static class Correlation
{
    /// <summary>Pearson's: of the numbers themselves.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Pearson(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length != y.Length)
        {
            throw new ArgumentException($"Both sides must be of one length; they have {x.Length} and {y.Length}.", nameof(y));
        }

        if (x.Length < 2 || IsConstant(x) || IsConstant(y))
        {
            return double.NaN;
        }

        (double[] a, double[] b) = (Unit(x), Unit(y));
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return Math.Clamp(sum, -1, 1);
    }

    /// <summary>Spearman's: Pearson's of the ranks, of which equal numbers share the mean.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Spearman(ReadOnlySpan<double> x, ReadOnlySpan<double> y) => Pearson(Ranks(x), Ranks(y));

    /// <summary>Less their mean, divided by their length as a vector.</summary>
    private static double[] Unit(ReadOnlySpan<double> values)
    {
        double mean = 0;
        foreach (double value in values)
        {
            mean += value / values.Length;
        }

        double[] unit = values.ToArray();
        double squares = 0;
        for (int i = 0; i < unit.Length; i++)
        {
            unit[i] -= mean;
            squares += unit[i] * unit[i];
        }

        return Array.ConvertAll(unit, value => value / Math.Sqrt(squares));
    }

    private static double[] Ranks(ReadOnlySpan<double> values)
    {
        double[] sorted = values.ToArray();
        int[] order = [.. Enumerable.Range(0, sorted.Length)];
        Array.Sort(sorted, order);
        var ranks = new double[sorted.Length];
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            end = start + 1;
            while (end < sorted.Length && sorted[end] == sorted[start])
            {
                end++;
            }

            for (int i = start; i < end; i++)
            {
                ranks[order[i]] = (start + 1 + end) / 2.0;
            }
        }

        return ranks;
    }

    private static bool IsConstant(ReadOnlySpan<double> values) => values.IndexOfAnyExcept(values[0]) < 0;
}
