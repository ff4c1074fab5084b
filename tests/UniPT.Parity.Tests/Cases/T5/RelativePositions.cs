using UniPT.Torch;

namespace UniPT.Parity.Tests.Cases.T5;

/// <summary>The bias that attention has for the distance of a key from a query, in buckets that widen with it.</summary>
internal sealed class RelativePositions(Weights weights, T5Sizes sizes, bool bothWays)
{
    private const int Farthest = 128;
    private readonly Tensor _table = weights.Parameter("weight", Initializers.Zeros, sizes.Buckets, sizes.Heads);

    /// <summary><c>[1, heads, N, N]</c>.</summary>
    public Tensor Bias(int length)
    {
        long[] buckets = [.. Enumerable.Range(0, length).SelectMany(query => Enumerable.Range(0, length).Select(key => Bucket(key - query)))];
        return Embedding.Lookup(_table, TensorData.From(buckets, length, length)).permute(2, 0, 1).unsqueeze(0);
    }

    private long Bucket(int offset)
    {
        int count = bothWays ? sizes.Buckets / 2 : sizes.Buckets;
        int first = bothWays && offset > 0 ? count : 0;
        int distance = bothWays ? Math.Abs(offset) : Math.Max(-offset, 0);
        int exact = count / 2;
        return first + (distance < exact
            ? distance
            : Math.Min(count - 1, exact + (int)(Math.Log((double)distance / exact) / Math.Log((double)Farthest / exact) * (count - exact))));
    }
}
