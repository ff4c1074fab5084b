using UniPT.Torch;

namespace UniPT.Tuning.UniPT.Interactions;

/// <summary>
/// Scaled dot-product attention of the anchor's tokens to the target's over several heads (Vaswani et al., "Attention Is All
/// You Need", 2017). All layers share its linear maps.
/// </summary>
internal sealed class MultiHeadInteraction : RecordedInteraction
{
    private readonly SoftmaxNormalization _rows = new();
    private readonly int _heads;
    private readonly MergeResidual _residual;
    private readonly Linear _query;
    private readonly Linear _key;
    private readonly Linear _value;
    private readonly Linear _output;

    /// <summary>Takes <c>query</c>, <c>key</c>, <c>value</c> and <c>output</c>; the heads divide the width.</summary>
    public MultiHeadInteraction(Weights weights, long width, int heads, MergeResidual residual)
    {
        (_heads, _residual) = (heads, residual);
        _query = new Linear(weights / "query", width, width);
        _key = new Linear(weights / "key", width, width);
        _value = new Linear(weights / "value", width, width);
        _output = new Linear(weights / "output", width, width);
        Parameters = weights.Parameters;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Parameters { get; }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor anchor, Tensor target, TokenMasks masks)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor query = Heads(_query.forward(anchor));
        Tensor key = Heads(_key.forward(target));
        Tensor numerators = query.MatMul(key.transpose(2, 3)) / Scalars.Of(Math.Sqrt(key.size(-1)));
        _rows.ToNumerators(numerators, masks.Keys?.unsqueeze(1));
        Tensor context = (numerators / _rows.Denominators(numerators)).MatMul(Heads(_value.forward(target)));
        Tensor gathered = _output.forward(context.transpose(1, 2).flatten(2));
        return scope.MoveToOuter(new Residual(_residual, masks).Of(target) is { } added ? gathered.Add(added) : gathered);
    }

    /// <summary><c>[B, N, m] → [B, heads, N, m/heads]</c>.</summary>
    private Tensor Heads(Tensor tokens) => tokens.view(tokens.size(0), tokens.size(1), _heads, -1).transpose(1, 2);
}
