using UniPT.Torch;

namespace UniPT.Tuning.UniPT.Cells;

/// <summary>Leaves a map's pixels as they are.</summary>
internal sealed class MapPixels(LayerStandardization? standardization) : CellSource
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor anchor, long height, long width, Tensor map)
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor pixels = HiddenTokens.Of(map).Contiguous();
        return scope.HandOut(standardization?.Forward(pixels) ?? pixels);
    }
}
