using UniPT.Tasks.Retrieval.Metrics;
using UniPT.Training.Reports.Figures;

namespace UniPT.Training.Tests.Reports.Figures;

public sealed class RecallFiguresTests
{
    [Fact]
    public void Seeds_give_mean_and_deviation_of_each_recall_and_of_the_sum()
    {
        var first = new RetrievalMetrics(new RankMetrics(10, 20, 30, 1, 1), new RankMetrics(11, 21, 31, 1, 1));
        var second = new RetrievalMetrics(new RankMetrics(14, 20, 30, 1, 1), new RankMetrics(7, 21, 31, 1, 1));
        RecallFigures figures = RecallFigures.Of([first, second]);
        Assert.Equal(new Statistic(12, Math.Sqrt(8)), figures.ImageToText.RecallAt1);
        Assert.Equal(new Statistic(20, 0), figures.ImageToText.RecallAt5);
        Assert.Equal(new Statistic(9, Math.Sqrt(8)), figures.TextToImage.RecallAt1);
        // The two seeds find equally much in sum: its deviation is not one of the parts'.
        Assert.Equal(new Statistic(123, 0), figures.RSum);
    }

    [Fact]
    public void Chance_counts_every_caption_of_a_picture()
    {
        RecallFigures chance = RecallFigures.Chance(400, 5);
        Assert.Equal(0.25, chance.TextToImage.RecallAt1.Mean, 9);
        Assert.Equal(2.5, chance.TextToImage.RecallAt10.Mean, 9);
        Assert.Equal(0.25, chance.ImageToText.RecallAt1.Mean, 9);
        // 1 - (1995 · 1994 · 1993 · 1992 · 1991) / (2000 · 1999 · 1998 · 1997 · 1996)
        Assert.Equal(1.2447, chance.ImageToText.RecallAt5.Mean, 3);
        Assert.Null(chance.RSum.Deviation);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 5)]
    [InlineData(4, 3)]
    public void Chance_agrees_with_random_orders(int pictures, int captionsEach)
    {
        var random = new Random(3);
        int[] owners = [.. Enumerable.Range(0, pictures * captionsEach).Select(caption => caption / captionsEach)];
        const int Trials = 20_000;
        int found = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            random.Shuffle(owners);
            found += owners.Take(5).Contains(0) ? 1 : 0;
        }

        Assert.Equal(100.0 * found / Trials, RecallFigures.Chance(pictures, captionsEach).ImageToText.RecallAt5.Mean, 1.5);
    }
}
