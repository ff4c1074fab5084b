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
        using TensorScope scope = TensorScope.Begin();
        Tensor down = rows.Shares().View(rows.Cells, rows.Pixels, 1, 1);
        return scope.HandOut(down * columns.Shares().View(1, 1, columns.Cells, columns.Pixels));
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
        using (Gradients.Off())
        {
            output = product(input, map);
        }

        if (Gradients.Enabled && input.RequiresGrad)
        {
            Tensor kept = map.Detach();
            CustomBackward.Attach([input], [output], gradients => [adjoint(gradients[0]!, kept)], kept);
        }

        return output;
    }

    private Tensor ComputeSimilarity(Tensor vectors, Tensor map)
    {
        Tensor result = Tensor.Empty([map.Size(0), rows.Cells, rows.Pixels, columns.Cells, columns.Pixels], map.Type, map.Device);
        foreach ((Func<Tensor, Tensor> part, Tensor pixels) in Parts(map))
        {
            using TensorScope scope = TensorScope.Begin();
            Tensor spread = part(vectors).Permute(0, 3, 1, 2).RepeatInterleave(columns.Pixels, 3).Unsqueeze(3);
            Tensor target = part(result);
            target.Copy_((pixels * spread).Sum(1).View(target.Shape));
        }

        return result;
    }

    private Tensor ComputeWeightedSum(Tensor weights, Tensor map)
    {
        Tensor result = Tensor.Empty([map.Size(0), rows.Cells, columns.Cells, map.Size(1)], map.Type, map.Device);
        foreach ((Func<Tensor, Tensor> part, Tensor pixels) in Parts(map))
        {
            using TensorScope scope = TensorScope.Begin();
            Tensor down = (pixels * part(weights).Flatten(3).Unsqueeze(1)).Sum(3);
            Tensor cells = down.View(down.Size(0), down.Size(1), down.Size(2), columns.Cells, columns.Pixels).Sum(-1);
            part(result).Copy_(cells.Permute(0, 2, 3, 1));
        }

        return result;
    }

    /// <summary>
    /// Some rows of cells of some examples at a time: how to take them from a tensor <c>[B, rows, …]</c>, and their pixels
    /// <c>[b, C, r, pixels down, columns · pixels across]</c>.
    /// </summary>
    private IEnumerable<(Func<Tensor, Tensor> Part, Tensor Pixels)> Parts(Tensor map)
    {
        (long batch, long channels) = (map.Size(0), map.Size(1));
        long rowBytes = channels * rows.Pixels * columns.Cells * columns.Pixels * map.Type.Size();
        long rowsAtOnce = Math.Clamp(BytesAtOnce / rowBytes, 1, rows.Cells);
        foreach (SampleRange samples in SampleRange.Parts(batch, Math.Max(1, BytesAtOnce / (rowBytes * rowsAtOnce))))
        {
            for (long row = 0; row < rows.Cells; row += rowsAtOnce)
            {
                using TensorScope scope = TensorScope.Begin();
                long first = row;
                long count = Math.Min(rowsAtOnce, rows.Cells - row);
                Tensor pixels = columns.Cut(rows.Cut(samples.Of(map), 2, first, count), 3, 0, columns.Cells);
                yield return (
                    tensor => samples.Of(tensor).Narrow(1, first, count),
                    pixels.Reshape(samples.Count, channels, count, rows.Pixels, columns.Cells * columns.Pixels));
            }
        }
    }
}
