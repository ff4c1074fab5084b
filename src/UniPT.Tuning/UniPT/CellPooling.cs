using UniPT.Torch;

namespace UniPT.Tuning.UniPT;

/// <summary>
/// Brings a map down to the anchor's cells: a pixel counts by its similarity with the anchor's query for its cell,
/// <c>relu(q·f) / (Σ relu(q·f) + ε) + 1/pixels</c>. The up-sampled query is never built: the map is cut into patches, a few
/// at a time, and backward cuts them again.
/// </summary>
internal sealed class CellPooling(Weights weights, long anchor, long channels, double epsilon)
{
    // Large enough to keep the products busy, small enough to stay in the cache.
    private const long PatchBytes = 1 << 21;
    private readonly PointwiseConvolution _query = new(weights / 0, anchor, channels);

    /// <summary>The map's features in the anchor's cells, <c>[B, cells, C]</c>.</summary>
    /// <param name="anchor">The anchor's cells <c>[B, height·width, channels]</c>.</param>
    /// <param name="height">Rows of cells.</param>
    /// <param name="width">Columns of cells.</param>
    /// <param name="map"><c>[B, C, H, W]</c>, at least as high and wide.</param>
    public Tensor Forward(Tensor anchor, long height, long width, Tensor map)
    {
        using TensorScope scope = TensorScope.Begin();
        var rows = new CellAxis(map.Size(2), height);
        var columns = new CellAxis(map.Size(3), width);
        (long batch, long channels) = (map.Size(0), map.Size(1));
        long rowBytes = channels * rows.Pixels * map.Size(3) * map.Type.Size();
        long rowsAtOnce = Math.Clamp(PatchBytes / rowBytes, 1, height);
        long samplesAtOnce = Math.Clamp(PatchBytes / (rowBytes * rowsAtOnce), 1, batch);

        Tensor query = _query.Forward(anchor).Relu().View(batch, height, width, channels);
        var parts = new List<Tensor>();
        foreach ((Tensor queries, long sample) in Parts(query, samplesAtOnce, 0))
        {
            Tensor maps = map.Narrow(0, sample, queries.Size(0));
            parts.Add(Tensor.Cat([.. Parts(queries, rowsAtOnce, 1).Select(part => Pool(part.Part, maps, rows, part.Start, columns))], 1));
        }

        return scope.HandOut(Tensor.Cat([.. parts]).View(batch, height * width, channels));
    }

    private static IEnumerable<(Tensor Part, long Start)> Parts(Tensor tensor, long size, int dimension) =>
        tensor.Split(size, dimension).Select((part, i) => (part, i * size));

    /// <summary>Pools some rows of cells of some samples: <c>[b, rows, width, C]</c>.</summary>
    private Tensor Pool(Tensor query, Tensor maps, CellAxis rows, long firstRow, CellAxis columns)
    {
        Tensor Segment(IReadOnlyList<Tensor> inputs)
        {
            using TensorScope scope = TensorScope.Begin();
            (long batch, long height, long width, long channels) = (query.Size(0), query.Size(1), query.Size(2), query.Size(3));
            long pixels = rows.Pixels * columns.Pixels;
            Tensor patches = columns.Cut(rows.Cut(inputs[1], 2, firstRow, height), 3, 0, width)
                .Reshape(batch, channels, height, rows.Pixels, width, columns.Pixels)
                .Permute(0, 2, 4, 1, 3, 5)
                .Reshape(batch * height * width, channels, pixels);
            Tensor similarity = inputs[0].Reshape(batch * height * width, 1, channels).Bmm(patches).Relu();
            return scope.HandOut(Share(similarity.View(batch, height, width, pixels), rows, firstRow, columns)
                .View(batch * height * width, 1, pixels)
                .Bmm(patches.Transpose(1, 2))
                .View(batch, height, width, channels));
        }

        return Checkpoint.Run(Segment, [], query, maps);
    }

    private Tensor Share(Tensor similarity, CellAxis rows, long firstRow, CellAxis columns)
    {
        (long height, long width, long pixels) = (similarity.Size(1), similarity.Size(2), similarity.Size(3));
        if (rows.IsEven && columns.IsEven)
        {
            return (similarity / (similarity.Sum(-1, true) + epsilon)) + (1.0 / pixels);
        }

        Tensor uniform = (rows.Shares(firstRow, height).View(height, 1, rows.Pixels, 1) * columns.Shares(0, width).View(1, width, 1, columns.Pixels))
            .View(height, width, pixels).To(similarity.Device);
        Tensor counted = similarity * uniform.Gt(0).To(similarity.Type);
        return (counted / (counted.Sum(-1, true) + epsilon)) + uniform;
    }
}
