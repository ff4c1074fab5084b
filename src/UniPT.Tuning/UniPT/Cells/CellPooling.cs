using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.UniPT.Projections;

namespace UniPT.Tuning.UniPT.Cells;

/// <summary>
/// Brings a map down to the anchor's cells: a pixel counts by its similarity with the anchor's query for its cell,
/// <c>relu(q·f) / (Σ relu(q·f) + ε) + 1/pixels</c>.
/// </summary>
internal sealed class CellPooling : CellSource
{
    private readonly TokenLinear _query;
    private readonly double _epsilon;
    private readonly LayerStandardization? _standardization;

    /// <summary>Takes the 1×1 convolution from the anchor's channels to the map's at <c>0</c>.</summary>
    /// <param name="weights">Where it stands.</param>
    /// <param name="anchor">Channels of the anchor.</param>
    /// <param name="channels">Channels of the map.</param>
    /// <param name="epsilon">What is added to the sums.</param>
    /// <param name="standardization">What is done to the map first; null for nothing.</param>
    public CellPooling(Weights weights, long anchor, long channels, double epsilon, LayerStandardization? standardization = null)
    {
        (_epsilon, _standardization) = (epsilon, standardization);
        _query = new TokenLinear(weights / 0, HiddenLayout.Maps, anchor, channels);
        Parameters = weights.Parameters;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Parameters { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor anchor, long height, long width, Tensor map)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var grid = new CellGrid(new CellAxis(map.size(2), height), new CellAxis(map.size(3), width));
        Tensor query = _query.forward(anchor).relu().view(map.size(0), height, width, map.size(1));
        Tensor shares = grid.Shares().to(map.device);
        Tensor similarity = Similarity(grid, query, map).relu() * shares.gt(Scalars.Of(0)).to(query.dtype);
        Tensor weights = (similarity / similarity.sum([2, 4], true).Add(_epsilon)).Add(shares);
        return scope.MoveToOuter(WeightedSum(grid, weights, map).flatten(1, 2));
    }

    // The standardised map (f − mean) · scale is never built: both products are linear in it. They are taken in the map's type.
    private Tensor Similarity(CellGrid grid, Tensor query, Tensor map)
    {
        Tensor scaled = _standardization is null ? query : query * _standardization.Scale;
        Tensor similarity = grid.Similarity(scaled.to(map.dtype), map).to(query.dtype);
        return _standardization is null ? similarity : similarity - (scaled * _standardization.Mean).sum(-1).unsqueeze(2).unsqueeze(-1);
    }

    private Tensor WeightedSum(CellGrid grid, Tensor weights, Tensor map)
    {
        Tensor sum = grid.WeightedSum(weights.to(map.dtype), map).to(weights.dtype);
        return _standardization is null
            ? sum
            : (sum - (weights.sum([2, 4]).unsqueeze(-1) * _standardization.Mean)) * _standardization.Scale;
    }
}
