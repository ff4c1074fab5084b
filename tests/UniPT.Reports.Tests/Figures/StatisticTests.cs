using UniPT.Reports.Figures;

namespace UniPT.Reports.Tests.Figures;

public sealed class StatisticTests
{
    [Fact]
    public void The_deviation_is_the_samples()
    {
        Assert.Equal(new Statistic(4, 2), Statistic.Of([2, 4, 6]));
        Assert.Equal(new Statistic(3, null), Statistic.Of([3]));
        Assert.Equal(new Statistic(3, 0), Statistic.Of([3, 3]));
        Assert.Throws<ArgumentException>(() => Statistic.Of([]));
    }
}
