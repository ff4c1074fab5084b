namespace UniPT.Torch;

/// <summary>A table of vectors, <c>[…] → […, width]</c> for whole-number indices, as <c>torch.nn.Embedding</c>.</summary>
public sealed class Embedding : Module
{
    private readonly Tensor _weight;

    /// <summary>Takes <c>weight [count, width]</c>.</summary>
    public Embedding(Weights weights, long count, long width) =>
        _weight = weights.Parameter("weight", Initializers.Normal(1), count, width);

    /// <summary>The first vectors of the table, <c>[count, width]</c>.</summary>
    public Tensor First(long count) => _weight.Narrow(0, 0, count);

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) => _weight.EmbeddingLookup(input);
}
