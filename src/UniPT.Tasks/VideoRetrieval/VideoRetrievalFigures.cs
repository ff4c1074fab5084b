using UniPT.Tasks.Shared.Metrics;
using UniPT.Tasks.VideoRetrieval.Metrics;
using UniPT.Training.Contracts;

namespace UniPT.Tasks.VideoRetrieval;

/// <summary>The figures of retrieval between texts and films, as CLIP4Clip's published code states them.</summary>
internal static class VideoRetrievalFigures
{
    private const string MeaningOfRecall = "R@k is the share of queries whose right answer is among the first k.";
    private static readonly int[] Cuts = [1, 5, 10];

    /// <summary>In the order to show them.</summary>
    internal static IReadOnlyList<FigureDefinition> All { get; } =
    [
        .. Direction("t2v", "t→v", "Text finds film"),
        .. Direction("v2t", "v→t", "Film finds text"),
        new("rsum", "rSum, of 600", "Both ways") { Unit = FigureUnit.Points, ShortTitle = "rSum", Meaning = "rSum adds the six recalls." },
    ];

    /// <summary>The figures of a split.</summary>
    /// <param name="similarities"><c>[texts, films]</c> row by row.</param>
    /// <param name="owners">The film of every text: where each film has one, in their order, it is measured as MSR-VTT is, otherwise as MSVD.</param>
    /// <param name="films">Number of films.</param>
    internal static IReadOnlyDictionary<string, double> Of(float[] similarities, IReadOnlyList<int> owners, int films)
    {
        if (owners.SequenceEqual(Enumerable.Range(0, films)))
        {
            return ByName(
                RankMetrics.FromRanks(VideoRanks.OfPairs(similarities, films), MedianOfTwo.Mean),
                RankMetrics.FromRanks(VideoRanks.OfPairs(Transposed(similarities, films), films), MedianOfTwo.Mean));
        }

        float[] best = VideoRanks.BestTexts(similarities, owners, films);
        return ByName(
            RankMetrics.FromRanks(VideoRanks.OfTexts(similarities, owners, films), MedianOfTwo.Lower), RankMetrics.FromRanks(VideoRanks.OfPairs(best, films), MedianOfTwo.Mean));
    }

    /// <summary>The recalls of a random order of as many films, with as many texts.</summary>
    internal static IReadOnlyDictionary<string, double> Chance(int films)
    {
        Dictionary<string, double> figures = Cuts.SelectMany(k => new[] { "t2v", "v2t" }.Select(way => ($"{way}_r{k}", 100 * Math.Min(1, k / (double)films)))).ToDictionary();
        figures["rsum"] = figures.Values.Sum();
        return figures;
    }

    private static IReadOnlyDictionary<string, double> ByName(RankMetrics textToVideo, RankMetrics videoToText)
    {
        var figures = new Dictionary<string, double> { ["rsum"] = textToVideo.RecallSum + videoToText.RecallSum };
        foreach ((string name, RankMetrics metrics) in new[] { ("t2v", textToVideo), ("v2t", videoToText) })
        {
            (figures[$"{name}_r1"], figures[$"{name}_r5"], figures[$"{name}_r10"]) = (metrics.RecallAt1, metrics.RecallAt5, metrics.RecallAt10);
            (figures[$"{name}_median"], figures[$"{name}_mean"]) = (metrics.MedianRank, metrics.MeanRank);
        }

        return figures;
    }

    private static IEnumerable<FigureDefinition> Direction(string name, string shortName, string group) =>
    [
        .. Cuts.Select(k => new FigureDefinition($"{name}_r{k}", $"R@{k}", group)
        {
            ShortTitle = k == 1 ? $"{shortName} R@1" : null,
            IsPrimary = name == "t2v" && k == 1,
            Meaning = MeaningOfRecall,
        }),
        new($"{name}_median", "Median rank", group) { Unit = FigureUnit.Rank, LargerIsBetter = false },
        new($"{name}_mean", "Mean rank", group) { Unit = FigureUnit.Number, LargerIsBetter = false },
    ];

    private static float[] Transposed(float[] similarities, int count)
    {
        var transposed = new float[similarities.Length];
        for (int row = 0; row < count; row++)
        {
            for (int column = 0; column < count; column++)
            {
                transposed[(column * count) + row] = similarities[(row * count) + column];
            }
        }

        return transposed;
    }
}
