using UniPT.Torch;

namespace UniPT.Tuning.UniPT.Cells;

/// <summary>What the anchor's cells interact with of one map.</summary>
internal abstract class CellSource
{
    /// <summary>What trains.</summary>
    public virtual IReadOnlyList<Tensor> Parameters => [];

    /// <summary>The source that the options choose.</summary>
    /// <param name="options">Every option chosen.</param>
    /// <param name="weights">Where its parameters stand.</param>
    /// <param name="anchor">Channels of the anchor.</param>
    /// <param name="channels">Channels of the map.</param>
    /// <param name="standardization">What is done to the map first; null for nothing.</param>
    public static CellSource Of(UniPTOptions options, Weights weights, long anchor, long channels, LayerStandardization? standardization) => options.PreInteraction switch
    {
        PreInteraction.Similarity => new CellPooling(weights, anchor, channels, options.Epsilon!.Value, standardization),
        PreInteraction.Mean => new CellMean(standardization),
        _ => new MapPixels(standardization),
    };

    /// <summary>The map's features, <c>[B, cells, C]</c> or of every pixel <c>[B, H·W, C]</c>.</summary>
    /// <param name="anchor">The anchor's cells <c>[B, height·width, channels]</c>.</param>
    /// <param name="height">Rows of cells.</param>
    /// <param name="width">Columns of cells.</param>
    /// <param name="map"><c>[B, C, H, W]</c>, frozen, at least as high and wide.</param>
    public abstract Tensor Forward(Tensor anchor, long height, long width, Tensor map);
}

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

/// <summary>Leaves a map's pixels as they are.</summary>
internal sealed class MapPixels(LayerStandardization? standardization) : CellSource
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor anchor, long height, long width, Tensor map)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor pixels = HiddenTokens.Of(map).contiguous();
        return scope.MoveToOuter(standardization?.Forward(pixels) ?? pixels);
    }
}
