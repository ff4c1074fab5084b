using UniPT.Tasks.Retrieval.Metrics;
using UniPT.Training.Contracts;

namespace UniPT.Tasks.Retrieval;

/// <summary>The figures of retrieval in both directions.</summary>
internal static class RetrievalFigures
{
    private const string MeaningOfRecall = "R@k is the share of queries whose right answer is among the first k.";

    /// <summary>In the order to show them, by the names that <see cref="ByName"/> and <see cref="ChanceLevel"/> give them.</summary>
    internal static IReadOnlyList<FigureDefinition> All { get; } =
    [
        .. Direction("i2t", "i→t", "Picture finds caption"),
        .. Direction("t2i", "t→i", "Caption finds picture"),
        new("rsum", "rSum, of 600", "Both ways") { Unit = FigureUnit.Points, IsPrimary = true, ShortTitle = "rSum", Meaning = "rSum adds the six recalls." },
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

    private static IEnumerable<FigureDefinition> Direction(string name, string shortName, string group) =>
    [
        .. new[] { 1, 5, 10 }.Select(k =>
            new FigureDefinition($"{name}_r{k}", $"R@{k}", group) { ShortTitle = k == 1 ? $"{shortName} R@1" : null, Meaning = MeaningOfRecall }),
        new($"{name}_median", "Median rank", group) { Unit = FigureUnit.Rank, LargerIsBetter = false },
    ];
}
