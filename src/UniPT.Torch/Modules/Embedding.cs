namespace UniPT.Torch;

/// <summary>A table of vectors, <c>[…] → […, width]</c> for whole-number indices, as <c>torch.nn.Embedding</c>.</summary>
public sealed class Embedding : Module
{
    private readonly Tensor _weight;
    private readonly long _padding;

    /// <summary>Takes <c>weight [count, width]</c>; the vector at <paramref name="padding"/>, if not −1, gets no gradient.</summary>
    public Embedding(Weights weights, long count, long width, long padding = -1)
    {
        _weight = weights.Parameter("weight", Initializers.Normal(1), count, width);
        _padding = padding;
    }

    /// <summary>The first vectors of the table, <c>[count, width]</c>.</summary>
    public Tensor First(long count) => _weight.narrow(0, 0, count);

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) => _weight.EmbeddingLookup(input, _padding);
}
