using UniPT.Tasks.Retrieval.Data;
using UniPT.Tasks.Retrieval.Metrics;
using UniPT.Tasks.Shared.Metrics;
using UniPT.Training.Contracts;

namespace UniPT.Tasks.Retrieval;

/// <summary>The figures of retrieval in both directions.</summary>
internal static class RetrievalFigures
{
    /// <summary>What the names of the figures of equal parts begin with.</summary>
    internal const string FoldPrefix = "fold_";

    private const string MeaningOfRecall = "R@k is the share of queries whose right answer is among the first k.";
    private static readonly int[] Ranks = [1, 5, 10];

    /// <summary>In the order to show them; those of equal parts and of Crisscrossed Captions are given where the test split has such.</summary>
    internal static IReadOnlyList<FigureDefinition> All { get; } =
    [
        .. Direction("i2t", "i→t", "Picture finds caption"),
        .. Direction("t2i", "t→i", "Caption finds picture"),
        new("rsum", "rSum, of 600", "Both ways") { Unit = FigureUnit.Points, IsPrimary = true, ShortTitle = "rSum", Meaning = "rSum adds the six recalls." },
        .. Recalls($"{FoldPrefix}i2t", "Picture finds caption, mean of folds"),
        .. Recalls($"{FoldPrefix}t2i", "Caption finds picture, mean of folds"),
        new($"{FoldPrefix}rsum", "rSum, of 600", "Both ways, mean of folds") { Unit = FigureUnit.Points },
        .. Recalls("cxc_i2t", "CxC: picture finds caption"),
        .. Recalls("cxc_t2i", "CxC: caption finds picture"),
        .. Recalls("cxc_i2i", "CxC: picture finds picture"),
        .. Recalls("cxc_t2t", "CxC: caption finds caption"),
    ];

    internal static IReadOnlyDictionary<string, double> ByName(RetrievalMetrics metrics) => new Dictionary<string, double>(
    [
        .. Recalls("i2t", metrics.ImageToText),
        .. Recalls("t2i", metrics.TextToImage),
        KeyValuePair.Create("rsum", metrics.RSum),
        KeyValuePair.Create("i2t_median", metrics.ImageToText.MedianRank),
        KeyValuePair.Create("t2i_median", metrics.TextToImage.MedianRank),
    ]);

    /// <summary>Those of the mean over equal parts.</summary>
    internal static IEnumerable<KeyValuePair<string, double>> OfFolds(RetrievalMetrics metrics) =>
        ByName(metrics).Where(figure => !figure.Key.EndsWith("_median", StringComparison.Ordinal)).Select(figure => KeyValuePair.Create($"{FoldPrefix}{figure.Key}", figure.Value));

    /// <summary>Those of Crisscrossed Captions, as far as its files have answers.</summary>
    /// <param name="further">Its answers.</param>
    /// <param name="pictures">Unit vectors of the split's pictures.</param>
    /// <param name="captions">Unit vectors of its captions.</param>
    internal static IEnumerable<KeyValuePair<string, double>> OfCrisscrossed(Crisscrossed further, Tensor pictures, Tensor captions) =>
        new (string Name, Tensor Queries, Tensor Candidates, int[][]? Right)[]
        {
            ("cxc_i2t", pictures, captions, further.ImageToText),
            ("cxc_t2i", captions, pictures, further.TextToImage),
            ("cxc_i2i", pictures, pictures, further.ImageToImage),
            ("cxc_t2t", captions, captions, further.TextToText),
        }
        .Where(way => way.Right is not null)
        .Select(way => (way.Name, Found: PositiveRanks.Of(way.Queries, way.Candidates, way.Right!, among: ReferenceEquals(way.Queries, way.Candidates))))
        .Where(way => way.Found.Count > 0)
        .SelectMany(way => Recalls(way.Name, RankMetrics.FromRanks(way.Found)));

    private static KeyValuePair<string, double>[] Recalls(string name, RankMetrics metrics) =>
    [
        KeyValuePair.Create($"{name}_r1", metrics.RecallAt1),
        KeyValuePair.Create($"{name}_r5", metrics.RecallAt5),
        KeyValuePair.Create($"{name}_r10", metrics.RecallAt10),
    ];

    private static IEnumerable<FigureDefinition> Direction(string name, string shortName, string group) =>
    [
        .. Ranks.Select(k =>
            new FigureDefinition($"{name}_r{k}", $"R@{k}", group) { ShortTitle = k == 1 ? $"{shortName} R@1" : null, Meaning = MeaningOfRecall }),
        new($"{name}_median", "Median rank", group) { Unit = FigureUnit.Rank, LargerIsBetter = false },
    ];

    private static IEnumerable<FigureDefinition> Recalls(string name, string group) => Ranks.Select(k => new FigureDefinition($"{name}_r{k}", $"R@{k}", group));
}
