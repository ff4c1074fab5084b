using UniPT.Reports.Figures;

namespace UniPT.Reports.Tests.Figures;

public sealed class RecallFiguresTests
{
    [Fact]
    public void Seeds_give_mean_and_deviation_of_each_recall_and_of_the_sum()
    {
        RecallFigures figures = RecallFigures.Of(Run(10, 11), Run(14, 7));
        Assert.Equal(new Statistic(12, Math.Sqrt(8)), figures.ImageToText.RecallAt1);
        Assert.Equal(new Statistic(20, 0), figures.ImageToText.RecallAt5);
        Assert.Equal(new Statistic(31, 0), figures.TextToImage.RecallAt10);
        Assert.Equal(new Statistic(9, Math.Sqrt(8)), figures.TextToImage.RecallAt1);
        // The two seeds find equally much in sum: its deviation is not one of the parts'.
        Assert.Equal(new Statistic(123, 0), figures.RSum);
    }

    private static Dictionary<string, double> Run(double pictures, double captions) => new()
    {
        ["i2t_r1"] = pictures,
        ["i2t_r5"] = 20,
        ["i2t_r10"] = 30,
        ["t2i_r1"] = captions,
        ["t2i_r5"] = 21,
        ["t2i_r10"] = 31,
        ["rsum"] = pictures + captions + 102,
    };
}
