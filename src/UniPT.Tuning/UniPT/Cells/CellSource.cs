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
