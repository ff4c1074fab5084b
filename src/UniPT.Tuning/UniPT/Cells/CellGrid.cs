using UniPT.Torch;

namespace UniPT.Tuning.UniPT.Cells;

/// <summary>
/// A map cut into the anchor's cells, and the two products between vectors of the cells and the map. The map is read a
/// few rows at a time, which stay in the cache; nothing of its size is built.
/// </summary>
internal sealed class CellGrid(CellAxis rows, CellAxis columns)
{
    private const long BytesAtOnce = 1 << 20;

    /// <summary>1/pixels for every pixel that counts, else 0: <c>[rows, pixels down, columns, pixels across]</c>.</summary>
    public Tensor Shares()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor down = rows.Shares().view(rows.Cells, rows.Pixels, 1, 1);
        return scope.MoveToOuter(down * columns.Shares().view(1, 1, columns.Cells, columns.Pixels));
    }

    /// <summary>The product of every pixel with its cell's vector; its gradient is the weighted sum.</summary>
    /// <param name="vectors"><c>[B, rows, columns, C]</c>.</param>
    /// <param name="map"><c>[B, C, H, W]</c>, frozen.</param>
    /// <returns><c>[B, rows, pixels down, columns, pixels across]</c>.</returns>
    public Tensor Similarity(Tensor vectors, Tensor map) => Record(vectors, map, ComputeSimilarity, ComputeWeightedSum);

    /// <summary>The sum of every cell's pixels, each times its weight; its gradient is the similarity.</summary>
    /// <param name="weights"><c>[B, rows, pixels down, columns, pixels across]</c>.</param>
    /// <param name="map"><c>[B, C, H, W]</c>, frozen.</param>
    /// <returns><c>[B, rows, columns, C]</c>.</returns>
    public Tensor WeightedSum(Tensor weights, Tensor map) => Record(weights, map, ComputeWeightedSum, ComputeSimilarity);

    private static Tensor Record(Tensor input, Tensor map, Func<Tensor, Tensor, Tensor> product, Func<Tensor, Tensor, Tensor> adjoint)
    {
        Tensor output;
        using (torch.no_grad())
        {
            output = product(input, map);
        }

        if (torch.is_grad_enabled() && input.requires_grad)
        {
            CustomBackward.Attach([input], [output], (gradients, kept) => [adjoint(gradients[0]!, kept[0])], map.detach());
        }

        return output;
    }

    private Tensor ComputeSimilarity(Tensor vectors, Tensor map)
    {
        Tensor result = torch.empty([map.size(0), rows.Cells, rows.Pixels, columns.Cells, columns.Pixels], dtype: map.dtype, device: map.device);
        foreach ((Func<Tensor, Tensor> part, Tensor pixels) in Parts(map))
        {
            using DisposeScope scope = torch.NewDisposeScope();
            Tensor spread = part(vectors).permute(0, 3, 1, 2).repeat_interleave(columns.Pixels, 3).unsqueeze(3);
            Tensor target = part(result);
            target.copy_((pixels * spread).sum(1).view(target.shape));
        }

        return result;
    }

    private Tensor ComputeWeightedSum(Tensor weights, Tensor map)
    {
        Tensor result = torch.empty(map.size(0), rows.Cells, columns.Cells, map.size(1), dtype: map.dtype, device: map.device);
        foreach ((Func<Tensor, Tensor> part, Tensor pixels) in Parts(map))
        {
            using DisposeScope scope = torch.NewDisposeScope();
            Tensor down = (pixels * part(weights).flatten(3).unsqueeze(1)).sum(3);
            Tensor cells = down.view(down.size(0), down.size(1), down.size(2), columns.Cells, columns.Pixels).sum(-1);
            part(result).copy_(cells.permute(0, 2, 3, 1));
        }

        return result;
    }

    /// <summary>
    /// Some rows of cells of some examples at a time: how to take them from a tensor <c>[B, rows, …]</c>, and their pixels
    /// <c>[b, C, r, pixels down, columns · pixels across]</c>.
    /// </summary>
    private IEnumerable<(Func<Tensor, Tensor> Part, Tensor Pixels)> Parts(Tensor map)
    {
        (long batch, long channels) = (map.size(0), map.size(1));
        long rowBytes = channels * rows.Pixels * columns.Cells * columns.Pixels * map.dtype.Size();
        long rowsAtOnce = Math.Clamp(BytesAtOnce / rowBytes, 1, rows.Cells);
        foreach (SampleRange samples in SampleRange.Parts(batch, Math.Max(1, BytesAtOnce / (rowBytes * rowsAtOnce))))
        {
            for (long row = 0; row < rows.Cells; row += rowsAtOnce)
            {
                using DisposeScope scope = torch.NewDisposeScope();
                long first = row;
                long count = Math.Min(rowsAtOnce, rows.Cells - row);
                Tensor pixels = columns.Cut(rows.Cut(samples.Of(map), 2, first, count), 3, 0, columns.Cells);
                yield return (
                    tensor => samples.Of(tensor).narrow(1, first, count),
                    pixels.reshape(samples.Count, channels, count, rows.Pixels, columns.Cells * columns.Pixels));
            }
        }
    }
}
