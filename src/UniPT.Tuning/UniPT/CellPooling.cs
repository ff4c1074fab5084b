using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning.UniPT;

/// <summary>
/// Brings a map down to the anchor's cells: a pixel counts by its similarity with the anchor's query for its cell,
/// <c>relu(q·f) / (Σ relu(q·f) + ε) + 1/pixels</c>.
/// </summary>
/// <param name="weights">Takes the 1×1 convolution from the anchor's channels to the map's at <c>0</c>.</param>
/// <param name="anchor">Channels of the anchor.</param>
/// <param name="channels">Channels of the map.</param>
/// <param name="epsilon">What is added to the sums.</param>
/// <param name="standardization">What is done to the map first; null for nothing.</param>
internal sealed class CellPooling(Weights weights, long anchor, long channels, double epsilon, LayerStandardization? standardization = null)
{
    private readonly TokenLinear _query = new(weights / 0, HiddenLayout.Maps, anchor, channels);

    /// <summary>The map's features in the anchor's cells, <c>[B, cells, C]</c>.</summary>
    /// <param name="anchor">The anchor's cells <c>[B, height·width, channels]</c>.</param>
    /// <param name="height">Rows of cells.</param>
    /// <param name="width">Columns of cells.</param>
    /// <param name="map"><c>[B, C, H, W]</c>, frozen, at least as high and wide.</param>
    public Tensor Forward(Tensor anchor, long height, long width, Tensor map)
    {
        using TensorScope scope = TensorScope.Begin();
        var grid = new CellGrid(new CellAxis(map.Size(2), height), new CellAxis(map.Size(3), width));
        Tensor query = _query.Forward(anchor).Relu().View(map.Size(0), height, width, map.Size(1));
        Tensor shares = grid.Shares().To(map.Device);
        Tensor similarity = Similarity(grid, query, map).Relu() * shares.Gt(0).To(map.Type);
        Tensor weights = (similarity / (similarity.Sum([2, 4], true) + epsilon)) + shares;
        return scope.HandOut(WeightedSum(grid, weights, map).Flatten(1, 2));
    }

    // The standardised map (f − mean) · scale is never built: both products are linear in it.
    private Tensor Similarity(CellGrid grid, Tensor query, Tensor map)
    {
        if (standardization is null)
        {
            return grid.Similarity(query, map);
        }

        Tensor scaled = query * standardization.Scale;
        return grid.Similarity(scaled, map) - (scaled * standardization.Mean).Sum(-1).Unsqueeze(2).Unsqueeze(-1);
    }

    private Tensor WeightedSum(CellGrid grid, Tensor weights, Tensor map)
    {
        Tensor sum = grid.WeightedSum(weights, map);
        return standardization is null
            ? sum
            : (sum - (weights.Sum([2, 4]).Unsqueeze(-1) * standardization.Mean)) * standardization.Scale;
    }
}
