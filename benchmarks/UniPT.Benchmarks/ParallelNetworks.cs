using System.Diagnostics;
using System.Text.Json.Nodes;
using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning;
using UniPT.Tuning.UniPT;
using UniPT.Tuning.UniPT.Forms;

namespace UniPT.Benchmarks;

/// <summary>
/// The parallel networks at published size: tensor bytes of forward and backward beyond inputs, weights and their
/// gradients, and the time of both.
/// </summary>
internal static class ParallelNetworks
{
    private const int Steps = 3;
    private static readonly int[] Channels = [256, 512, 1024, 2048];
    private static readonly int[] Sizes = [128, 64, 32, 16];

    internal static JsonObject Run()
    {
        using TensorScope scope = TensorScope.Begin();
        TorchRuntime.ManualSeed(0);
        var result = new JsonObject { ["benchmark"] = "parallel networks, forward and backward" };
        var options = new UniPTOptions();
        Measure(result, "image", options, 1024, () =>
            new HiddenStates([.. Channels.Zip(Sizes, (channels, size) => Tensor.Randn([2, channels, size, size]).Relu())]));
        Measure(result, "text", options, 1024, () => Tokens(128, 32, [.. Enumerable.Repeat(32, 128)]));
        Measure(result, "video", options with { Form = PublishedForm.Clip4clip }, 512, () => Tokens(64, 50) with { Pooled = Tensor.Randn([64, 512]) });
        Measure(result, "answering", options with { Form = PublishedForm.ClipVil, Width = 384 }, 768, () => Tokens(16, 260, [.. Enumerable.Repeat(260, 16)]));
        return result;
    }

    private static HiddenStates Tokens(int batch, int tokens, int[]? lengths = null) =>
        new([.. Enumerable.Range(0, 13).Select(_ => Tensor.Randn([batch, tokens, 768]))], lengths);

    private static void Measure(JsonObject result, string name, UniPTOptions options, int output, Func<HiddenStates> states)
    {
        using TensorScope scope = TensorScope.Begin();
        HiddenStates hidden = states();
        Weights weights = Weights.Fresh(0);
        using WeightStore store = weights.Store;
        weights.Mode.Training = true;
        TunedBackbone network = new UniPTMethod(options).Attach(new GivenLayers(hidden), weights, output);

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
        long queries = hidden.Pooled is null ? anchor.ElementCount / anchor.Size(0) / network.Backbone.Widths[^1] : 1;
        Tensor cotangent = Tensor.Randn([anchor.Size(0), queries, network.Output]);
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
