namespace UniPT.Tasks.Retrieval.Metrics;

/// <summary>How well one direction of retrieval does.</summary>
/// <param name="RecallAt1">Percentage of queries whose match comes first, 0 … 100.</param>
/// <param name="RecallAt5">Percentage of queries whose match is among the first 5.</param>
/// <param name="RecallAt10">Percentage of queries whose match is among the first 10.</param>
/// <param name="MedianRank">Median rank of the match, counted from 1 and rounded down.</param>
/// <param name="MeanRank">Mean rank of the match, counted from 1.</param>
public sealed record RankMetrics(
    double RecallAt1, double RecallAt5, double RecallAt10, double MedianRank, double MeanRank)
{
    /// <summary>The three recalls added, 0 … 300.</summary>
    public double RecallSum => RecallAt1 + RecallAt5 + RecallAt10;

    /// <summary>Mean of the three recalls.</summary>
    public double MeanRecall => RecallSum / 3;

    /// <summary>Sums up ranks that count from 0.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static RankMetrics FromRanks(IReadOnlyCollection<int> ranks)
    {
        if (ranks.Count == 0)
        {
            throw new ArgumentException("Without ranks there are no metrics.", nameof(ranks));
        }

        int[] sorted = [.. ranks.Order()];
        double median = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2.0;
        return new RankMetrics(
            Recall(sorted, 1), Recall(sorted, 5), Recall(sorted, 10), Math.Floor(median) + 1, sorted.Average() + 1);
    }

    /// <summary>Averages each figure.</summary>
    public static RankMetrics Average(IReadOnlyCollection<RankMetrics> parts) => new(
        parts.Average(part => part.RecallAt1),
        parts.Average(part => part.RecallAt5),
        parts.Average(part => part.RecallAt10),
        parts.Average(part => part.MedianRank),
        parts.Average(part => part.MeanRank));

    private static double Recall(int[] ranks, int k) => 100.0 * ranks.Count(rank => rank < k) / ranks.Length;
}
