using UniPT.Torch;

namespace UniPT.Parity.Tests.Cases.T5;

/// <summary>The bias that attention has for the distance of a key from a query, in buckets that widen with it.</summary>
internal sealed class RelativePositions(Weights weights, T5Sizes sizes, bool bothWays)
{
    private readonly Tensor _table = weights.Parameter("weight", Initializers.Zeros, sizes.Buckets, sizes.Heads);

    /// <summary><c>[1, heads, N, N]</c>.</summary>
    public Tensor Bias(int length)
    {
        Tensor places = torch.arange(Scalars.Of(0), Scalars.Of(length), dtype: ScalarType.Int64);
        return Embedding.Lookup(_table, Buckets(places.unsqueeze(0) - places.unsqueeze(1))).permute(2, 0, 1).unsqueeze(0);
    }

    /// <summary>Computed in 32 bits, as in the reference: at the borders of buckets that decides.</summary>
    private Tensor Buckets(Tensor offsets)
    {
        int count = bothWays ? sizes.Buckets / 2 : sizes.Buckets;
        int exact = count / 2;
        Tensor distances = bothWays ? offsets.abs() : offsets.neg().clamp_min(Scalars.Of(0));
        Tensor widening = (distances.to(ScalarType.Float32) / Scalars.Of(exact)).log() / Scalars.Of(Math.Log((double)sizes.Farthest / exact)) * Scalars.Of(count - exact);
        Tensor far = (widening.to(ScalarType.Int64) + Scalars.Of(exact)).clamp_max(Scalars.Of(count - 1));
        Tensor buckets = torch.where(distances.lt(Scalars.Of(exact)), distances, far);
        return bothWays ? buckets + (offsets.gt(Scalars.Of(0)).to(ScalarType.Int64) * Scalars.Of(count)) : buckets;
    }
}
