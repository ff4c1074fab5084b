namespace UniPT.Reports.Charts;

/// <summary>A line of a chart.</summary>
/// <param name="Label">What it shows.</param>
/// <param name="Style">Which colour, dashes and marker it has.</param>
/// <param name="Points">Its points from left to right; a value that is not finite interrupts the line.</param>
internal sealed record Series(string Label, int Style, IReadOnlyList<(double X, double Y)> Points)
{
    /// <summary>Values at 1, 2, 3 …, each point the mean of <paramref name="bin"/> neighbours.</summary>
    internal static Series Of(string label, int style, IReadOnlyList<double> values, int bin = 1) =>
        new(label, style, [.. values.Index().Chunk(bin).Select(Average)]);

    private static (double X, double Y) Average((int Index, double Value)[] bin) =>
        (bin.Average(item => item.Index + 1.0), bin.Average(item => item.Value));
}
