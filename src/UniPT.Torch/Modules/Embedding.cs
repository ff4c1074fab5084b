namespace UniPT.Torch;

/// <summary>A table of vectors, <c>[…] → […, width]</c> for whole-number indices, as <c>torch.nn.Embedding</c>.</summary>
public sealed class Embedding : Module
{
    private readonly long _padding;

    /// <summary>Takes <c>weight [count, width]</c>; the row at <paramref name="padding"/>, if not −1, gets no gradient.</summary>
    public Embedding(Weights weights, long count, long width, long padding = -1) : base(weights)
    {
        Weight = weights.Parameter("weight", Initializers.Normal(1), count, width);
        _padding = padding;
    }

    /// <summary>The table, owned by the store.</summary>
    public Parameter Weight { get; }

    /// <summary>The first rows of the table.</summary>
    public Tensor First(long count) => Weight.narrow(0, 0, count);

    /// <summary>The rows <c>[…, width]</c> of a table <c>[count, width]</c> at whole-number indices <c>[…]</c>.</summary>
    public static Tensor Lookup(Tensor table, Tensor indices)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(table.index_select(0, indices.flatten()).view([.. indices.shape, table.size(1)]));
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input)
    {
        Tensor rows = Lookup(Weight, input);
        return _padding >= 0 && rows.requires_grad ? torch.where(input.eq(Scalars.Of(_padding)).unsqueeze(-1), rows.detach(), rows) : rows;
    }
}
