using UniPT.Reports.Figures;
using UniPT.Training.Contracts;

namespace UniPT.Reports.Tests;

public sealed class UnitsTests
{
    [Theory]
    [InlineData(0, "0.00 s")]
    [InlineData(0.837, "0.84 s")]
    [InlineData(12.34, "12.3 s")]
    [InlineData(99.96, "1 min 40 s")]
    [InlineData(245, "4 min 05 s")]
    [InlineData(3599.7, "1 h 00 min")]
    [InlineData(360_000_000, "100,000 h 00 min")]
    [InlineData(double.NaN, "–")]
    [InlineData(double.PositiveInfinity, "–")]
    [InlineData(1e300, "–")]
    public void Durations_use_the_unit_that_fits(double seconds, string expected) => Assert.Equal(expected, Units.Seconds(seconds));

    [Theory]
    [InlineData(0, "0.0")]
    [InlineData(0.25, "0.25")]
    [InlineData(22.44, "22.4")]
    [InlineData(double.NaN, "–")]
    public void Percentages_have_one_decimal_and_two_below_one(double percentage, string expected) =>
        Assert.Equal(expected, Units.Figure(FigureUnit.Percent, percentage));

    [Fact]
    public void Figures_over_seeds_have_a_deviation()
    {
        Assert.Equal("22.4 ± 0.6", Units.Figure(FigureUnit.Points, new Statistic(22.44, 0.57)));
        Assert.Equal("22.4", Units.Figure(FigureUnit.Points, new Statistic(22.44)));
        Assert.Equal("–", Units.Figure(FigureUnit.Points, new Statistic(double.NaN, 0.6)));
    }

    [Theory]
    [InlineData(FigureUnit.Points, 203.44, "203.4")]
    [InlineData(FigureUnit.Percent, -0.25, "-0.25")]
    [InlineData(FigureUnit.Rank, 12, "12")]
    [InlineData(FigureUnit.Number, 31.4159, "31.42")]
    [InlineData(FigureUnit.Number, 0.012345, "0.01235")]
    [InlineData(FigureUnit.Number, 12345.6, "12,346")]
    [InlineData(FigureUnit.Number, double.NaN, "–")]
    public void Figures_are_written_by_their_unit(FigureUnit unit, double value, string expected) => Assert.Equal(expected, Units.Figure(unit, value));

    [Theory]
    [InlineData(FigureUnit.Percent, 0.57, "± 0.6")]
    [InlineData(FigureUnit.Rank, 0.57, "± 0.6")]
    [InlineData(FigureUnit.Number, 0.0123, "± 0.012")]
    [InlineData(FigureUnit.Number, 1234.5, "± 1,234")]
    public void Deviations_too(FigureUnit unit, double deviation, string expected) => Assert.Equal(expected, Units.Deviation(unit, deviation));

    [Fact]
    public void Several_are_a_part_of_a_sentence() => Assert.Equal(["", "a", "a and b", "a, b and c"], new string[][] { [], ["a"], ["a", "b"], ["a", "b", "c"] }.Select(Units.List));

    [Theory]
    [InlineData(0, "0 %")]
    [InlineData(0.0004, "0.04 %")]
    [InlineData(0.038, "3.8 %")]
    [InlineData(0.37, "37 %")]
    [InlineData(1, "100 %")]
    [InlineData(double.NaN, "–")]
    public void Shares_have_two_digits(double share, string expected) => Assert.Equal(expected, Units.Share(share));

    [Theory]
    [InlineData(0.31, "0.31×")]
    [InlineData(1.04, "1.04×")]
    [InlineData(1.44, "1.4×")]
    [InlineData(28.4, "28×")]
    [InlineData(1234, "1,234×")]
    [InlineData(double.NaN, "–")]
    public void Ratios_have_two_digits(double ratio, string expected) => Assert.Equal(expected, Units.Ratio(ratio));

    [Fact]
    public void Counts_are_separated_and_bytes_scaled()
    {
        Assert.Equal("5,921,281", Units.Count(5_921_281));
        Assert.Equal("62.8 MiB", Units.Bytes(65_850_573));
    }
}
