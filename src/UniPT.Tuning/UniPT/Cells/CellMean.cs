using UniPT.Torch;

namespace UniPT.Tuning.UniPT.Cells;

/// <summary>Brings a map down to the anchor's cells by the mean of each cell's pixels.</summary>
internal sealed class CellMean(LayerStandardization? standardization) : CellSource
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor anchor, long height, long width, Tensor map)
    {
        using TensorScope scope = TensorScope.Begin();
        var grid = new CellGrid(new CellAxis(map.Size(2), height), new CellAxis(map.Size(3), width));
        Tensor shares = grid.Shares().To(map.Device).To(map.Type).Unsqueeze(0);
        Tensor mean = grid.WeightedSum(shares.Expand(map.Size(0), -1, -1, -1, -1), map).Flatten(1, 2).To(ScalarType.Float32);
        return scope.HandOut(standardization?.Forward(mean) ?? mean);
    }
}
