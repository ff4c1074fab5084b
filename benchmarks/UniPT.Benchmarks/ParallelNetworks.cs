using System.Diagnostics;
using System.Text.Json.Nodes;
using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning;
using UniPT.Tuning.UniPT;

namespace UniPT.Benchmarks;

/// <summary>
/// The two parallel networks at published size: tensor bytes of forward and backward beyond inputs, weights and their
/// gradients, and the time of both.
/// </summary>
internal static class ParallelNetworks
{
    private const int Embedding = 1024;
    private const int Steps = 3;
    private static readonly int[] Channels = [256, 512, 1024, 2048];
    private static readonly int[] Sizes = [128, 64, 32, 16];

    internal static JsonObject Run()
    {
        using TensorScope scope = TensorScope.Begin();
        TorchRuntime.ManualSeed(0);
        var result = new JsonObject { ["benchmark"] = "parallel networks, forward and backward", ["embed"] = Embedding };
        Tensor[] maps = [.. Channels.Zip(Sizes, (channels, size) => Tensor.Randn([2, channels, size, size]).Relu())];
        Measure(result, "image", HiddenLayout.Maps, new HiddenStates(maps));
        Tensor[] tokens = [.. Enumerable.Range(0, 13).Select(_ => Tensor.Randn([32, 32, 768]))];
        Measure(result, "text", HiddenLayout.Tokens, new HiddenStates(tokens, [.. Enumerable.Repeat(32, 32)]));
        return result;
    }

    private static void Measure(JsonObject result, string name, HiddenLayout layout, HiddenStates hidden)
    {
        var backbone = new GivenLayers(layout, [.. hidden.Layers.Select(layer => (int)layer.Size(layout == HiddenLayout.Maps ? 1 : 2))]);
        Weights weights = Weights.Fresh(0);
        using WeightStore store = weights.Store;
        weights.Mode.Training = true;
        TunedBackbone network = new UniPTMethod(new UniPTOptions()).Attach(backbone, weights, Embedding);

        // The first step also makes the weights' gradients, which later ones add to.
        Step(network, hidden);
        (long saved, long peak, _) = Step(network, hidden);
        double[] seconds = [.. Enumerable.Range(0, Steps).Select(_ => Step(network, hidden).Seconds).Order()];
        result[$"{name}_shapes"] = new JsonArray([.. hidden.Layers.Select(layer => JsonValue.Create(string.Join("x", layer.Shape)))]);
        result[$"{name}_parameters"] = store.ParameterCount;
        result[$"{name}_saved_bytes"] = saved;
        result[$"{name}_peak_bytes"] = peak;
        result[$"{name}_seconds"] = seconds[Steps / 2];
    }

    private static (long Saved, long Peak, double Seconds) Step(TunedBackbone network, HiddenStates hidden)
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor anchor = hidden.Layers[^1];
        long cells = anchor.ElementCount / anchor.Size(0) / network.Backbone.Widths[^1];
        Tensor cotangent = Tensor.Randn([anchor.Size(0), cells, Embedding]);
        long before = TensorMemory.Current;
        TensorMemory.ResetPeak();
        long start = Stopwatch.GetTimestamp();
        long saved;
        using (TensorScope recorded = TensorScope.Begin())
        {
            Tensor output = network.Adapt(hidden).Tokens;
            saved = TensorMemory.Current - before;
            output.Backward(cotangent);
        }

        return (saved, TensorMemory.Peak - before, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
