namespace UniPT.Torch;

/// <summary>Rows of a table by their indices, as <c>torch.nn.Embedding</c>.</summary>
public sealed class Embedding : Module
{
    private readonly Parameter _weight;
    private readonly long _padding;

    /// <summary>Takes <c>weight [count, width]</c>; the row at <paramref name="padding"/>, if not −1, gets no gradient.</summary>
    public Embedding(Weights weights, long count, long width, long padding = -1) : base(weights)
    {
        _weight = weights.Parameter("weight", Initializers.Normal(1), count, width);
        _padding = padding;
    }

    /// <summary>The first rows of the table.</summary>
    public Tensor First(long count) => _weight.narrow(0, 0, count);

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input)
    {
        Tensor rows = _weight.index_select(0, input.flatten());
        if (_padding >= 0 && rows.requires_grad)
        {
            // Zero times a gradient is none; the row itself stays as it is.
            Tensor padded = input.flatten().eq(_padding).unsqueeze(-1);
            rows = torch.where(padded, rows.detach(), rows);
        }

        return rows.view([.. input.shape, _weight.size(1)]);
    }
}
