using UniPT.Torch;

namespace UniPT.Backbones.Layers;

/// <summary>
/// A learned score of every head for the distance of a key from a query, in buckets that widen with it (Raffel et al., arXiv 1910.10683, section
/// 2.1): half of the buckets hold one distance each, the others grow logarithmically up to the farthest. All layers of a stack share one.
/// </summary>
public sealed class RelativePositions : Module
{
    private readonly Tensor _table;
    private readonly int _farthest;
    private readonly bool _bothWays;

    /// <summary>Takes <c>weight [buckets, heads]</c>.</summary>
    /// <param name="weights">Where it stands.</param>
    /// <param name="buckets">How many there are.</param>
    /// <param name="heads">Of the attention.</param>
    /// <param name="farthest">The distance from which on all are in the last bucket.</param>
    /// <param name="bothWays">Whether later keys have buckets of their own, as in an encoder; else all of them are in the nearest one's.</param>
    /// <param name="initializer">For a fresh table.</param>
    public RelativePositions(Weights weights, int buckets, int heads, int farthest, bool bothWays, Initializer initializer) : base(weights)
    {
        (_farthest, _bothWays) = (farthest, bothWays);
        _table = weights.Parameter("weight", initializer, buckets, heads);
    }

    /// <summary>The table <c>[buckets, heads]</c>, owned by the store.</summary>
    public Tensor Weight => _table;

    /// <summary>A table of other heads with the same buckets; of as many heads it starts as a copy.</summary>
    internal RelativePositions Like(Weights weights, int heads, Initializer initializer) => new(
        weights, (int)_table.size(0), heads, _farthest, _bothWays, heads == _table.size(1) ? fresh => fresh.copy_(_table) : initializer);

    /// <summary>What is added to the scores, <c>[1, heads, queries, keys]</c>; the last query stands where the last key does.</summary>
    public Tensor Forward(long queries, long keys)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor places = torch.arange(Scalars.Of(0), Scalars.Of(keys), Scalars.Of(1), dtype: ScalarType.Int64, device: _table.device);
        Tensor offsets = places.unsqueeze(0) - places.narrow(0, keys - queries, queries).unsqueeze(1);
        Tensor buckets = Buckets(offsets, (int)_table.size(0), _farthest, _bothWays);
        return scope.MoveToOuter(Embedding.Lookup(_table, buckets).permute(2, 0, 1).unsqueeze(0));
    }

    /// <summary>The buckets of offsets, key's place minus query's, both 64-bit integers of one shape. Computed in 32 bits as in Hugging Face's code: at the borders that decides.</summary>
    /// <param name="offsets">The offsets.</param>
    /// <param name="buckets">How many there are.</param>
    /// <param name="farthest">As in the constructor.</param>
    /// <param name="bothWays">As in the constructor.</param>
    public static Tensor Buckets(Tensor offsets, int buckets, int farthest, bool bothWays)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        int count = bothWays ? buckets / 2 : buckets;
        int exact = count / 2;
        Tensor distances = bothWays ? offsets.abs() : offsets.neg().clamp_min(Scalars.Of(0));
        Tensor widening = (distances.to(ScalarType.Float32) / Scalars.Of(exact)).log() / Scalars.Of(Math.Log((double)farthest / exact)) * Scalars.Of(count - exact);

        // The logarithm of 0 is not taken below; as a whole number it would be any.
        Tensor far = widening.clamp_min(Scalars.Of(0)).to(ScalarType.Int64).Add(exact).clamp_max(Scalars.Of(count - 1));
        Tensor found = torch.where(distances.lt(Scalars.Of(exact)), distances, far);
        return scope.MoveToOuter(bothWays ? found.Add(offsets.gt(Scalars.Of(0)).to(ScalarType.Int64) * Scalars.Of(count)) : found);
    }

    /// <summary>As <see cref="Forward"/>, of the tokens of one sequence among themselves.</summary>
    protected override Tensor Compute(Tensor input) => Forward(input.size(1), input.size(1));
}
