using UniPT.Torch;
using UniPT.Tuning.UniPT.Cells;

namespace UniPT.Tuning.Tests.UniPT.Cells;

public sealed class CellPoolingTests
{
    private const double Epsilon = 1e-8;

    /// <summary>Sizes whose pixels do not divide among the cells, and enough bytes to be read in several parts.</summary>
    [Theory]
    [InlineData(2, 3, 7, 5, 3, 2)]
    [InlineData(1, 4, 13, 8, 4, 3)]
    [InlineData(3, 2, 5, 9, 5, 4)]
    [InlineData(2, 600, 33, 17, 4, 4)]
    public void EveryPixelCountsInTheCellThatTheUpsampledQueryHasThere(int batch, int channels, int height, int width, int rows, int columns)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(height);
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        var pooling = new CellPooling(weights, 6, channels, Epsilon);
        Tensor anchor = torch.randn(batch, rows * columns, 6);
        Tensor map = torch.randn(batch, channels, height, width);
        Tensor pooled = pooling.Forward(anchor, rows, columns, map);
        Tensor expected = ByPixel(nn.functional.linear(anchor, store.Parameters["0.weight"].flatten(1), store.Parameters["0.bias"]).relu(), map, rows, columns);
        Tensor cotangent = torch.randn(pooled.shape);
        pooled.Backward(cotangent);
        float[] gradient = store.Parameters["0.weight"].grad!.ToArray<float>();
        store.Parameters["0.weight"].grad = null;
        expected.Backward(cotangent);
        Close(expected.detach().ToArray<float>(), pooled.detach().ToArray<float>());
        Close(store.Parameters["0.weight"].grad!.ToArray<float>(), gradient);
    }

    /// <summary>A mask of each cell's pixels, one cell after the other.</summary>
    private static Tensor ByPixel(Tensor query, Tensor map, int rows, int columns)
    {
        (int height, int width) = ((int)map.size(2), (int)map.size(3));
        var cells = new List<Tensor>();
        for (int cell = 0; cell < rows * columns; cell++)
        {
            float[] inside = [.. from y in Enumerable.Range(0, height)
                                 from x in Enumerable.Range(0, width)
                                 select (y * rows / height * columns) + (x * columns / width) == cell ? 1f : 0];
            Tensor mask = TensorData.From(inside, 1, 1, height, width);
            Tensor similarity = (query.select(1, cell).unsqueeze(-1).unsqueeze(-1) * map).sum(1, true).relu() * mask;
            Tensor weights = (similarity / similarity.sum([2, 3], true).Add(Epsilon)).Add(mask / Scalars.Of(inside.Sum()));
            cells.Add((weights * map).sum([2, 3]));
        }

        return torch.stack([.. cells], 1);
    }

    private static void Close(float[] expected, float[] actual)
    {
        float scale = expected.Max(Math.Abs);
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, (1e-4 * scale) + 1e-6));
    }
}
