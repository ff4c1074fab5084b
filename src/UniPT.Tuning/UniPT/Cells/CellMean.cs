namespace UniPT.Tuning.UniPT.Cells;

/// <summary>Brings a map down to the anchor's cells by the mean of each cell's pixels.</summary>
internal sealed class CellMean(LayerStandardization? standardization) : CellSource
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor anchor, long height, long width, Tensor map)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var grid = new CellGrid(new CellAxis(map.size(2), height), new CellAxis(map.size(3), width));
        Tensor shares = grid.Shares().to(map.device).to(map.dtype).unsqueeze(0);
        Tensor mean = grid.WeightedSum(shares.expand(map.size(0), -1, -1, -1, -1), map).flatten(1, 2).to(ScalarType.Float32);
        return scope.MoveToOuter(standardization?.Forward(mean) ?? mean);
    }
}
