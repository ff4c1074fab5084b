namespace UniPT.Torch.Randomness;

/// <summary>The order in which an epoch goes through its samples.</summary>
public static class EpochOrder
{
    /// <summary>A permutation of the numbers below <paramref name="count"/>, a pure function of the arguments.</summary>
    public static int[] Permutation(long seed, int epoch, int count)
    {
        var random = new CounterRandom(seed, epoch);
        int[] order = [.. Enumerable.Range(0, count)];
        for (int i = count - 1; i > 0; i--)
        {
            int j = random.Next(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }
}
