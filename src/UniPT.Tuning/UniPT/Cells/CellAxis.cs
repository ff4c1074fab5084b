using UniPT.Torch;

namespace UniPT.Tuning.UniPT.Cells;

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

    /// <summary>The pixels of some cells, <see cref="Pixels"/> for each: a view where all cells have as many.</summary>
    public Tensor Cut(Tensor map, int dimension, long firstCell, long cells)
    {
        if (Size % Cells == 0)
        {
            return map.narrow(dimension, firstCell * Pixels, cells * Pixels);
        }

        long[] pixels = [.. Enumerable.Range(0, (int)(cells * Pixels))
            .Select(i => Math.Min(Start(firstCell + (i / Pixels)) + (i % Pixels), Size - 1))];
        return map.index_select(dimension, TensorData.From(pixels, pixels.Length).to(map.device));
    }

    /// <summary>1/pixels for the pixels of every cell and 0 for those that fill it up: <c>[cells, Pixels]</c>.</summary>
    public Tensor Shares()
    {
        var shares = new float[Cells * Pixels];
        for (long cell = 0; cell < Cells; cell++)
        {
            int count = (int)(Start(cell + 1) - Start(cell));
            shares.AsSpan((int)(cell * Pixels), count).Fill(1f / count);
        }

        return TensorData.From(shares, Cells, Pixels);
    }

    private long Start(long cell) => ((cell * Size) + Cells - 1) / Cells;
}
