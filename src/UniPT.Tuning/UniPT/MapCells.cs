using UniPT.Torch;

namespace UniPT.Tuning.UniPT;

/// <summary>Turns maps of falling size into the cells of the last one, so that they can be compared cell by cell.</summary>
internal sealed class MapCells
{
    private readonly CellPooling[] _pooling;
    private readonly LayerStandardization? _anchor;

    /// <summary>Takes <c>identity_layers</c>, one for every map but the last.</summary>
    public MapCells(Weights weights, IReadOnlyList<int> widths, double epsilon, Standardization? standardization)
    {
        _pooling = [.. widths.SkipLast(1).Select((width, i) =>
            new CellPooling(weights / "identity_layers" / i, widths[^1], width, epsilon, standardization?.Of(i)))];
        _anchor = standardization?.Of(widths.Count - 1);
    }

    /// <summary><c>[B, C, H, W]</c> each to <c>[B, cells, C]</c> each, the anchor last.</summary>
    /// <exception cref="UserException">A map is smaller than the last one.</exception>
    public IReadOnlyList<Tensor> Forward(IReadOnlyList<Tensor> maps)
    {
        using TensorScope scope = TensorScope.Begin();
        (long height, long width) = (maps[^1].Size(2), maps[^1].Size(3));
        if (maps.Any(map => map.Size(2) < height || map.Size(3) < width))
        {
            throw new UserException(
                $"The parallel network needs maps of falling size, the last one {height}×{width}; it was given {string.Join(", ", maps.Select(map => $"{map.Size(2)}×{map.Size(3)}"))}.");
        }

        if (Gradients.Enabled && maps.SkipLast(1).Any(map => map.RequiresGrad))
        {
            throw new InvalidOperationException("The parallel network stands beside a frozen backbone: its maps take no gradients.");
        }

        Tensor anchor = maps[^1].Flatten(2).Transpose(1, 2).Contiguous();
        anchor = _anchor?.Forward(anchor) ?? anchor;
        return scope.HandOut((Tensor[])[.. maps.SkipLast(1).Select((map, i) => _pooling[i].Forward(anchor, height, width, map)), anchor]);
    }
}
