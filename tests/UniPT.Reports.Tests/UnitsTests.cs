using UniPT.Reports.Figures;

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
    public void Recalls_have_one_decimal_and_two_below_one(double percentage, string expected) =>
        Assert.Equal(expected, Units.Recall(percentage));

    [Fact]
    public void Recalls_over_seeds_have_a_deviation()
    {
        Assert.Equal("22.4 ± 0.6", Units.Recall(new Statistic(22.44, 0.57)));
        Assert.Equal("22.4", Units.Recall(new Statistic(22.44)));
        Assert.Equal("–", Units.Recall(new Statistic(double.NaN, 0.6)));
    }

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
