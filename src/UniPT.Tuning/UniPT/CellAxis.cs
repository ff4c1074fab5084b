using UniPT.Torch;

namespace UniPT.Tuning.UniPT;

/// <summary>
/// One axis of a map cut into cells: pixel y belongs to cell ⌊y·cells/size⌋, as in nearest up-sampling. Where the
/// pixels do not divide evenly, the smaller cells are filled up with pixels that do not count.
/// </summary>
/// <param name="Size">Pixels of the map.</param>
/// <param name="Cells">Cells of the anchor; at most <paramref name="Size"/>.</param>
internal sealed record CellAxis(long Size, long Cells)
{
    /// <summary>Pixels of the largest cell.</summary>
    public long Pixels => (Size + Cells - 1) / Cells;

    /// <summary>Whether all cells have the same number of pixels.</summary>
    public bool IsEven => Size % Cells == 0;

    /// <summary>The pixels of some cells, <see cref="Pixels"/> for each: a view where the axis is even.</summary>
    public Tensor Cut(Tensor map, int dimension, long firstCell, long cells)
    {
        if (IsEven)
        {
            return map.Narrow(dimension, firstCell * Pixels, cells * Pixels);
        }

        long[] pixels = [.. from cell in Range(firstCell, cells) from i in Range(0, Pixels) select Math.Min(Start(cell) + i, Size - 1)];
        return map.IndexSelect(dimension, Tensor.From(pixels, pixels.Length).To(map.Device));
    }

    /// <summary>1/pixels for the pixels of every cell and 0 for those that fill it up: <c>[cells, Pixels]</c>.</summary>
    public Tensor Shares(long firstCell, long cells) => Tensor.From(
        [.. from cell in Range(firstCell, cells)
            let count = Start(cell + 1) - Start(cell)
            from i in Range(0, Pixels)
            select i < count ? 1f / count : 0],
        cells,
        Pixels);

    private static IEnumerable<long> Range(long first, long count) => Enumerable.Range(0, (int)count).Select(i => first + i);

    private long Start(long cell) => ((cell * Size) + Cells - 1) / Cells;
}
