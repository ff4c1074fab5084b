namespace UniPT.Tasks.Grounding.Metrics;

/// <summary>The order of the boxes that were found for an expression.</summary>
internal static class BoxRanking
{
    /// <summary>The queries from the surest on; of equally sure ones that with the larger box by its numbers in turn.</summary>
    /// <param name="scores">How sure each is.</param>
    /// <param name="boxes">Four numbers of each.</param>
    internal static int[] Order(float[] scores, float[] boxes) =>
    [
        .. Enumerable.Range(0, scores.Length)
            .OrderByDescending(query => scores[query])
            .ThenByDescending(query => boxes[4 * query])
            .ThenByDescending(query => boxes[(4 * query) + 1])
            .ThenByDescending(query => boxes[(4 * query) + 2])
            .ThenByDescending(query => boxes[(4 * query) + 3]),
    ];
}
