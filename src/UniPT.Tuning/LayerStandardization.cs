namespace UniPT.Tuning;

/// <summary>The standardisation of one hidden state.</summary>
internal sealed record LayerStandardization(Standardization All, int Layer)
{
    /// <summary>The channels' means <c>[C]</c>.</summary>
    public Tensor Mean => All.Mean(Layer);

    /// <summary>What the differences from the means are multiplied by, <c>[C]</c>.</summary>
    public Tensor Scale => All.Scale(Layer);

    /// <summary>Standardises tokens or cells, <c>[…, C]</c>, in their type.</summary>
    public Tensor Forward(Tensor tokens)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(((tokens - Mean) * Scale).to(tokens.dtype));
    }
}
