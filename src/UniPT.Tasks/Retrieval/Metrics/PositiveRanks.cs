using UniPT.Torch;

namespace UniPT.Tasks.Retrieval.Metrics;

/// <summary>Where the best of several right answers stands for each query, with ties as in <see cref="RetrievalRanks"/>; similarities are made block by block.</summary>
internal static class PositiveRanks
{
    private const int BlockSize = 256;

    /// <summary>Ranks that count from 0.</summary>
    /// <param name="queries">Unit vectors <c>[Q, D]</c>.</param>
    /// <param name="candidates">Unit vectors <c>[C, D]</c>.</param>
    /// <param name="right">For each query the candidates that are right.</param>
    /// <param name="among">
    /// Whether queries and candidates are the same: a query is then no candidate for itself, and one without right answers is left out. Otherwise such a query finds none
    /// and has the last rank there is.
    /// </param>
    internal static List<int> Of(Tensor queries, Tensor candidates, int[][] right, bool among)
    {
        var ranks = new List<int>();
        int count = (int)candidates.size(0);
        for (int first = 0; first < right.Length; first += BlockSize)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            int rows = Math.Min(BlockSize, right.Length - first);
            float[] similarities = queries.narrow(0, first, rows).MatMul(candidates.transpose(0, 1)).contiguous().ToArray<float>();
            for (int row = 0; row < rows; row++)
            {
                if (Rank(similarities.AsSpan(row * count, count), right[first + row], among ? first + row : -1) is var rank && (rank < count || !among))
                {
                    ranks.Add(rank);
                }
            }
        }

        return ranks;
    }

    private static int Rank(Span<float> similarities, int[] right, int itself)
    {
        if (right.Length == 0)
        {
            return similarities.Length;
        }

        float best = float.NegativeInfinity;
        foreach (int answer in right)
        {
            best = Math.Max(best, similarities[answer]); // what is not a number stays so and comes last
            similarities[answer] = float.NegativeInfinity;
        }

        int rank = 0;
        for (int i = 0; i < similarities.Length; i++)
        {
            rank += i != itself && !(similarities[i] < best - RetrievalRanks.Rounding) ? 1 : 0;
        }

        return rank;
    }
}
