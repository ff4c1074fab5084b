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
        using TensorScope scope = TensorScope.Begin();
        TorchRuntime.ManualSeed(height);
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        var pooling = new CellPooling(weights, 6, channels, Epsilon);
        Tensor anchor = Tensor.Randn([batch, rows * columns, 6]);
        Tensor map = Tensor.Randn([batch, channels, height, width]);
        Tensor pooled = pooling.Forward(anchor, rows, columns, map);
        Tensor expected = ByPixel(anchor.Linear(store.Parameters["0.weight"].Flatten(1), store.Parameters["0.bias"]).Relu(), map, rows, columns);
        Tensor cotangent = Tensor.Randn(pooled.Shape);
        pooled.Backward(cotangent);
        float[] gradient = store.Parameters["0.weight"].Grad!.ToArray<float>();
        store.Parameters["0.weight"].Grad = null;
        expected.Backward(cotangent);
        Close(expected.Detach().ToArray<float>(), pooled.Detach().ToArray<float>());
        Close(store.Parameters["0.weight"].Grad!.ToArray<float>(), gradient);
    }

    /// <summary>A mask of each cell's pixels, one cell after the other.</summary>
    private static Tensor ByPixel(Tensor query, Tensor map, int rows, int columns)
    {
        (int height, int width) = ((int)map.Size(2), (int)map.Size(3));
        var cells = new List<Tensor>();
        for (int cell = 0; cell < rows * columns; cell++)
        {
            float[] inside = [.. from y in Enumerable.Range(0, height)
                                 from x in Enumerable.Range(0, width)
                                 select (y * rows / height * columns) + (x * columns / width) == cell ? 1f : 0];
            Tensor mask = Tensor.From(inside, 1, 1, height, width);
            Tensor similarity = (query.Select(1, cell).Unsqueeze(-1).Unsqueeze(-1) * map).Sum(1, true).Relu() * mask;
            Tensor weights = (similarity / (similarity.Sum([2, 3], true) + Epsilon)) + (mask / inside.Sum());
            cells.Add((weights * map).Sum([2, 3]));
        }

        return Tensor.Stack([.. cells], 1);
    }

    private static void Close(float[] expected, float[] actual)
    {
        float scale = expected.Max(Math.Abs);
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, (1e-4 * scale) + 1e-6));
    }
}
