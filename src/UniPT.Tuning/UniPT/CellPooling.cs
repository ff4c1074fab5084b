using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning.UniPT;

/// <summary>
/// Brings a map down to the anchor's cells: a pixel counts by its similarity with the anchor's query for its cell,
/// <c>relu(q·f) / (Σ relu(q·f) + ε) + 1/pixels</c>.
/// </summary>
internal sealed class CellPooling(Weights weights, long anchor, long channels, double epsilon)
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
        Tensor similarity = grid.Similarity(query, map).Relu() * shares.Gt(0).To(map.Type);
        Tensor weights = (similarity / (similarity.Sum([2, 4], true) + epsilon)) + shares;
        return scope.HandOut(grid.WeightedSum(weights, map).Flatten(1, 2));
    }
}
