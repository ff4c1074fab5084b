namespace UniPT.Tasks.Shared.Metrics;

/// <summary>How well one direction of retrieval does.</summary>
/// <param name="RecallAt1">Percentage of queries whose match comes first, 0 … 100.</param>
/// <param name="RecallAt5">Percentage of queries whose match is among the first 5.</param>
/// <param name="RecallAt10">Percentage of queries whose match is among the first 10.</param>
/// <param name="MedianRank">Median rank of the match, counted from 1; see <see cref="MedianOfTwo"/>.</param>
/// <param name="MeanRank">Mean rank of the match, counted from 1.</param>
public sealed record RankMetrics(
    double RecallAt1, double RecallAt5, double RecallAt10, double MedianRank, double MeanRank)
{
    /// <summary>The three recalls added, 0 … 300.</summary>
    public double RecallSum => RecallAt1 + RecallAt5 + RecallAt10;

    /// <summary>Mean of the three recalls.</summary>
    public double MeanRecall => RecallSum / 3;

    /// <summary>Sums up ranks that count from 0.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="median">What the median of an even number of ranks is.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static RankMetrics FromRanks(IReadOnlyCollection<int> ranks, MedianOfTwo median = MedianOfTwo.RoundedDown)
    {
        if (ranks.Count == 0)
        {
            throw new ArgumentException("Without ranks there are no metrics.", nameof(ranks));
        }

        int[] sorted = [.. ranks.Order()];
        (double lower, double upper) = (sorted[(sorted.Length - 1) / 2], sorted[sorted.Length / 2]);
        double middle = median switch
        {
            MedianOfTwo.Lower => lower,
            MedianOfTwo.Mean => (lower + upper) / 2,
            _ => Math.Floor((lower + upper) / 2),
        };
        return new RankMetrics(Recall(sorted, 1), Recall(sorted, 5), Recall(sorted, 10), middle + 1, sorted.Average() + 1);
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

/// <summary>What stands for the median where two ranks are in the middle; published results differ in it.</summary>
public enum MedianOfTwo
{
    /// <summary>Their mean, rounded down: VSE∞.</summary>
    RoundedDown,

    /// <summary>Their mean: CLIP4Clip for one text a video.</summary>
    Mean,

    /// <summary>The lower one: CLIP4Clip for texts that share videos.</summary>
    Lower,
}
