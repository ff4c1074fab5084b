using UniPT.Backbones;
using UniPT.Backbones.Layers;
using UniPT.Torch;
using UniPT.Tuning.Lst;
using UniPT.Tuning.Tests.Hosts;

namespace UniPT.Tuning.Tests.Lst;

public sealed class PruningTests
{
    private static readonly BlockShape Shape = new(8, 12, 2);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void NothingIsLostWhereNothingMustGo(bool normalisesInputs)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var host = new TinyTransformer(Shape, 2, normalisesInputs);
        using WeightStore ofHost = host.Store;
        using WeightStore store = Attach(host, new LstOptions { Reduction = 1, Start = LstStart.Magnitude }, out _);
        foreach ((string name, Tensor parameter) in host.Store.Parameters)
        {
            Assert.Equal(parameter.ToBytes(), store.Parameters[name.Replace("layers.", "side_block.")].ToBytes());
        }
    }

    [Theory]
    [InlineData(true, LstStart.Magnitude)]
    [InlineData(false, LstStart.Magnitude)]
    [InlineData(true, LstStart.Fisher)]
    [InlineData(false, LstStart.Fisher)]
    public void TheRowsThatMatterAreKept(bool normalisesInputs, LstStart start)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var host = new TinyTransformer(Shape, 3, normalisesInputs);
        using WeightStore ofHost = host.Store;
        using WeightStore store = Attach(host, new LstOptions { Reduction = 2, Start = start, Dropped = [2] }, out TunedBackbone tuned);
        Dictionary<string, Tensor> importance = host.Store.Parameters.ToDictionary(pair => pair.Key, pair => start == LstStart.Fisher ? torch.rand(pair.Value.shape) : pair.Value.abs());
        if (start == LstStart.Fisher)
        {
            var starting = (IStartsFromFisher)tuned;
            Assert.Equal(32, starting.FisherBatches);
            starting.StartFrom(importance);
        }

        int[] kept = Top(Columns(Product(importance, 0), 8), 4);
        for (int layer = 0; layer < 3; layer++)
        {
            string name = $"layers.{layer}";
            int[] heads = Top(Rows(Product(importance, layer), 8, kept), 4);
            int[] attended = Top(Rows(Values(importance, $"{name}.attention.output.weight"), 8, heads), 4);
            int[] hidden = Top(Rows(Values(importance, $"{name}.up.weight"), 8, attended), 6);
            int[] transformed = Top(Rows(Values(importance, $"{name}.down.weight"), 12, hidden), 4);
            if (layer != 1)
            {
                Same(name, "attention.query", heads, kept);
                Same(name, "attention.key", heads, kept);
                Same(name, "attention.value", heads, kept);
                Same(name, "attention.output", attended, heads);
                Same(name, "up", hidden, attended);
                Same(name, "down", transformed, hidden);
                Same(name, "attention_norm", normalisesInputs ? kept : attended);
                Same(name, "feed_forward_norm", normalisesInputs ? attended : transformed);
            }

            kept = transformed;
        }

        void Same(string layer, string map, int[] rows, int[]? columns = null)
        {
            string side = layer.Replace("layers", "side_block");
            int width = columns is null ? 1 : (int)host.Store.Parameters[$"{layer}.{map}.weight"].size(1);
            float[] weight = host.Store.Parameters[$"{layer}.{map}.weight"].ToArray<float>();
            float[] bias = host.Store.Parameters[$"{layer}.{map}.bias"].ToArray<float>();
            Assert.Equal(rows.SelectMany(row => (columns ?? [0]).Select(column => weight[(row * width) + column])), store.Parameters[$"{side}.{map}.weight"].ToArray<float>());
            Assert.Equal(rows.Select(row => bias[row]), store.Parameters[$"{side}.{map}.bias"].ToArray<float>());
        }
    }

    private static WeightStore Attach(Backbone host, LstOptions options, out TunedBackbone tuned)
    {
        TorchRuntime.ManualSeed(4);
        foreach (Tensor parameter in host.Store.Parameters.Values)
        {
            parameter.normal_(0, 1);
        }

        Weights weights = Weights.Fresh(1);
        tuned = new LstMethod(options).Attach(host, weights, 4);
        return weights.Store;
    }

    private static double[] Values(Dictionary<string, Tensor> importance, string name) => [.. importance[name].ToArray<float>().Select(value => (double)value)];

    private static double[] Product(Dictionary<string, Tensor> importance, int layer)
    {
        double[][] parts = [.. new[] { "query", "key", "value" }.Select(name => Values(importance, $"layers.{layer}.attention.{name}.weight"))];
        return [.. parts[0].Select((value, i) => value * parts[1][i] * parts[2][i])];
    }

    private static double[] Columns(double[] values, int width) => [.. Enumerable.Range(0, width).Select(column => values.Where((_, i) => i % width == column).Sum())];

    private static double[] Rows(double[] values, int width, int[] columns) => [.. Enumerable.Range(0, values.Length / width).Select(row => columns.Sum(column => values[(row * width) + column]))];

    private static int[] Top(double[] scores, int count) => [.. Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]).Take(count).Order()];
}
