using System.Globalization;
using UniPT.Reports.Figures;
using UniPT.Training.Contracts;

namespace UniPT.Reports;

/// <summary>Figures as people read them, the same in the terminal and on the page; <see cref="Missing"/> where there is none.</summary>
public static class Units
{
    /// <summary>Stands where there is no figure.</summary>
    public const string Missing = "–";

    /// <summary>Stands where memory was not measured, as this system does not let it be.</summary>
    public const string NotMeasured = "not measured";

    /// <summary>Bytes in the unit that fits, such as <c>62.8 MiB</c>; <see cref="NotMeasured"/> where there are none.</summary>
    public static string Bytes(long? bytes) => bytes is { } known ? ByteSize.Format(known) : NotMeasured;

    /// <summary>A count with separators, such as <c>5,921,281</c>.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A duration, such as <c>0.84 s</c>, <c>12.3 s</c>, <c>4 min 05 s</c>, <c>1 h 12 min</c>.</summary>
    public static string Seconds(double seconds)
    {
        if (!double.IsFinite(seconds) || seconds > TimeSpan.MaxValue.TotalSeconds / 2)
        {
            return Missing;
        }

        if (seconds < 99.95)
        {
            return $"{seconds.ToString(seconds < 9.995 ? "F2" : "F1", CultureInfo.InvariantCulture)} s";
        }

        TimeSpan time = TimeSpan.FromSeconds(Math.Round(seconds));
        return time.TotalHours < 1
            ? $"{time.Minutes} min {time.Seconds:00} s"
            : $"{Count((long)time.TotalHours)} h {time.Minutes:00} min";
    }

    /// <summary>A figure of a task: percentages and their sums with one decimal, two below 1, where chance levels are; numbers with four digits.</summary>
    public static string Figure(FigureUnit unit, double value) => !double.IsFinite(value) ? Missing : value.ToString(
        unit switch
        {
            FigureUnit.Rank => "F0",
            FigureUnit.Number => Math.Abs(value) < 1000 ? "G4" : "N0",
            _ => Math.Abs(value) is > 0 and < 0.995 ? "F2" : "F1",
        },
        CultureInfo.InvariantCulture);

    /// <summary>A figure with its deviation where there is one, such as <c>22.4 ± 0.6</c>; <see cref="Missing"/> for null.</summary>
    public static string Figure(FigureUnit unit, Statistic? figure) => figure?.Deviation is { } deviation && double.IsFinite(figure.Mean)
        ? $"{Figure(unit, figure.Mean)} {Deviation(unit, deviation)}"
        : Figure(unit, figure?.Mean ?? double.NaN);

    /// <summary>How far seeds are apart, such as <c>± 0.6</c>.</summary>
    public static string Deviation(FigureUnit unit, double deviation) =>
        $"± {deviation.ToString(unit == FigureUnit.Number ? deviation < 100 ? "G2" : "N0" : "F1", CultureInfo.InvariantCulture)}";

    /// <summary>Half of the last digit that is shown: figures that differ by less look alike.</summary>
    internal static double HalfDigit(FigureUnit unit, double value) => unit switch
    {
        FigureUnit.Rank => 0.5,
        FigureUnit.Number => value == 0 ? 0 : 0.5 * Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(value))) - 3),
        _ => 0.05,
    };

    /// <summary>A share of 1 in percent with two digits, such as <c>37 %</c>, <c>3.8 %</c>.</summary>
    public static string Share(double share) => !double.IsFinite(share) ? Missing
        : $"{(100 * share).ToString(share < 0.0095 ? "0.##" : share < 0.0995 ? "0.#" : "F0", CultureInfo.InvariantCulture)} %";

    /// <summary>How many times as much, such as <c>1.04×</c>, <c>1.4×</c>, <c>12×</c>.</summary>
    public static string Ratio(double ratio) => !double.IsFinite(ratio) ? Missing
        : $"{ratio.ToString(ratio < 1.095 ? "F2" : ratio < 9.95 ? "F1" : "N0", CultureInfo.InvariantCulture)}×";

    /// <summary>Several as a part of a sentence, such as <c>a, b and c</c>.</summary>
    public static string List(IReadOnlyList<string> items) => items.Count < 2
        ? string.Concat(items)
        : $"{string.Join(", ", items.SkipLast(1))} and {items[^1]}";
}
