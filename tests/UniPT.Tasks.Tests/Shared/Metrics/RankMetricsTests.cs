using FsCheck;
using FsCheck.Fluent;
using UniPT.Tasks.Shared.Metrics;

namespace UniPT.Tasks.Tests.Shared.Metrics;

public class RankMetricsTests
{
    [Fact]
    public void OddAndEvenCountsAreSummedUp()
    {
        Assert.Equal(new RankMetrics(25, 50, 75, 6, 7.5), RankMetrics.FromRanks([16, 0, 6, 4]));
        Assert.Equal(new RankMetrics(0, 100, 100, 4, 11 / 3.0), RankMetrics.FromRanks([4, 1, 3]));
    }

    [Fact]
    public void TheMedianOfTwoIsAnOption()
    {
        Assert.Equal(5.5, RankMetrics.FromRanks([1, 4, 5, 9], MedianOfTwo.Mean).MedianRank);
        Assert.Equal(5, RankMetrics.FromRanks([1, 4, 5, 9], MedianOfTwo.Lower).MedianRank);
        Assert.Equal(7.5, RankMetrics.FromRanks([1, 4, 9, 10], MedianOfTwo.Mean).MedianRank);
        Assert.Equal(7, RankMetrics.FromRanks([1, 4, 9, 10]).MedianRank);
        Assert.All(Enum.GetValues<MedianOfTwo>(), rule => Assert.Equal(5, RankMetrics.FromRanks([9, 4, 0], rule).MedianRank));
    }

    [Fact]
    public void AveragesAreTakenFigureByFigure() => Assert.Equal(
        new RankMetrics(50, 60, 70, 3, 4),
        RankMetrics.Average([new RankMetrics(0, 20, 40, 2, 3), new RankMetrics(100, 100, 100, 4, 5)]));

    [Fact]
    public void RecallGrowsWithK() =>
        Prop.ForAll(
            Gen.Choose(0, 30).NonEmptyListOf().ToArbitrary(),
            ranks =>
            {
                RankMetrics metrics = RankMetrics.FromRanks([.. ranks]);
                return metrics.RecallAt1 <= metrics.RecallAt5 && metrics.RecallAt5 <= metrics.RecallAt10
                    && metrics.RecallAt10 <= 100;
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void NoRanksAreRefused() => Assert.Throws<ArgumentException>(() => RankMetrics.FromRanks([]));
}
