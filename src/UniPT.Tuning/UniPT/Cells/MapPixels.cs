namespace UniPT.Tuning.UniPT.Cells;

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
