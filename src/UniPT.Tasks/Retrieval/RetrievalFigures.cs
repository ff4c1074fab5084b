using UniPT.Tasks.Retrieval.Metrics;
using UniPT.Training.Contracts;

namespace UniPT.Tasks.Retrieval;

/// <summary>The figures of retrieval in both directions.</summary>
internal static class RetrievalFigures
{
    private const string ImageToText = "Picture finds caption";
    private const string TextToImage = "Caption finds picture";

    internal static IReadOnlyList<FigureDefinition> All { get; } =
    [
        new("i2t_r1", "R@1", ImageToText) { ShortTitle = "i→t R@1" },
        new("i2t_r5", "R@5", ImageToText),
        new("i2t_r10", "R@10", ImageToText),
        new("t2i_r1", "R@1", TextToImage) { ShortTitle = "t→i R@1" },
        new("t2i_r5", "R@5", TextToImage),
        new("t2i_r10", "R@10", TextToImage),
        new("rsum", "rSum, of 600", "Both ways") { Unit = FigureUnit.Points, IsPrimary = true, ShortTitle = "rSum" },
        new("i2t_median", "median rank", ImageToText) { Unit = FigureUnit.Rank, LargerIsBetter = false },
        new("t2i_median", "median rank", TextToImage) { Unit = FigureUnit.Rank, LargerIsBetter = false },
    ];

    internal static IReadOnlyDictionary<string, double> ByName(RetrievalMetrics metrics) => new Dictionary<string, double>
    {
        ["i2t_r1"] = metrics.ImageToText.RecallAt1,
        ["i2t_r5"] = metrics.ImageToText.RecallAt5,
        ["i2t_r10"] = metrics.ImageToText.RecallAt10,
        ["t2i_r1"] = metrics.TextToImage.RecallAt1,
        ["t2i_r5"] = metrics.TextToImage.RecallAt5,
        ["t2i_r10"] = metrics.TextToImage.RecallAt10,
        ["rsum"] = metrics.RSum,
        ["i2t_median"] = metrics.ImageToText.MedianRank,
        ["t2i_median"] = metrics.TextToImage.MedianRank,
    };
}
