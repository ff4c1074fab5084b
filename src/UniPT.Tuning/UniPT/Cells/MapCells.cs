using UniPT.Torch;

namespace UniPT.Tuning.UniPT.Cells;

/// <summary>Turns maps of falling size into what the cells of the last one interact with, and that one into its cells.</summary>
internal sealed class MapCells
{
    private readonly CellSource[] _sources;
    private readonly LayerStandardization? _anchor;
    private readonly bool _recomputes;

    /// <summary>Takes <c>identity_layers</c>, one for every map but the last, where the form trains them.</summary>
    public MapCells(Weights weights, IReadOnlyList<int> widths, UniPTOptions options, Standardization? standardization)
    {
        _sources = [.. widths.SkipLast(1).Select((width, i) =>
            CellSource.Of(options, weights / "identity_layers" / i, widths[^1], width, standardization?.Of(i)))];
        _anchor = standardization?.Of(widths.Count - 1);
        _recomputes = options.Checkpoint;
    }

    /// <summary><c>[B, C, H, W]</c> each to <c>[B, cells or pixels, C]</c> each, the anchor last.</summary>
    /// <exception cref="UserException">A map is smaller than the last one.</exception>
    public IReadOnlyList<Tensor> Forward(IReadOnlyList<Tensor> maps)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (long height, long width) = (maps[^1].size(2), maps[^1].size(3));
        if (maps.Any(map => map.size(2) < height || map.size(3) < width))
        {
            throw new UserException(
                $"The parallel network needs maps of falling size, the last one {height}×{width}; it was given {string.Join(", ", maps.Select(map => $"{map.size(2)}×{map.size(3)}"))}.");
        }

        if (torch.is_grad_enabled() && maps.SkipLast(1).Any(map => map.requires_grad))
        {
            throw new InvalidOperationException("The parallel network stands beside a frozen backbone: its maps take no gradients.");
        }

        Tensor anchor = maps[^1].flatten(2).transpose(1, 2).contiguous();
        anchor = _anchor?.Forward(anchor) ?? anchor;
        return scope.MoveAllToOuter((Tensor[])[.. _sources.Select((source, i) => _recomputes
            ? Recomputation.Run(tensors => source.Forward(tensors[0], height, width, tensors[1]), source.Parameters, anchor, maps[i])
            : source.Forward(anchor, height, width, maps[i])), anchor]);
    }
}
