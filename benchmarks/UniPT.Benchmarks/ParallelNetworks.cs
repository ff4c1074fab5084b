using System.Diagnostics;
using System.Text.Json.Nodes;
using UniPT.Backbones;
using UniPT.Testing;
using UniPT.Torch;
using UniPT.Tuning;
using UniPT.Tuning.Tests.Reference;
using UniPT.Tuning.UniPT;

namespace UniPT.Benchmarks;

/// <summary>
/// The parallel networks at published size, and in turn with them the published formulation of each, which the tests have as
/// their reference: tensor bytes of forward and backward beyond inputs, weights and their gradients, and the time
/// of both. Bytes are measured on one thread.
/// </summary>
internal static class ParallelNetworks
{
    private const int Steps = 5;
    private static readonly int[] Channels = [256, 512, 1024, 2048];
    private static readonly int[] Sizes = [128, 64, 32, 16];

    internal static JsonObject Run()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(0);
        var result = new JsonObject { ["benchmark"] = "parallel networks, forward and backward" };
        var options = new UniPTOptions();
        Measure(
            result,
            "image",
            options,
            1024,
            () => new HiddenStates([.. Channels.Zip(Sizes, (channels, size) => torch.randn(2, channels, size, size).relu())]),
            (network, hidden) => network.Image(hidden.Layers));
        Measure(
            result,
            "text",
            options,
            1024,
            () => Tokens(128, 32, [.. Enumerable.Repeat(32, 128)]),
            (network, hidden) => network.Text(hidden.Layers, hidden.Mask));
        Measure(
            result,
            "video",
            options with { Form = PublishedForm.Clip4clip },
            512,
            () => Tokens(64, 50) with { Pooled = torch.randn(64, 512) },
            (network, hidden) => network.Video(hidden.Layers, hidden.Pooled!, null, null));
        Measure(
            result,
            "answering",
            options with { Form = PublishedForm.ClipVil, Width = 384 },
            768,
            () => Tokens(16, 260, [.. Enumerable.Repeat(260, 16)]),
            (network, hidden) => network.Answering(hidden.Layers, hidden.Mask));
        return result;
    }

    private static HiddenStates Tokens(int batch, int tokens, int[]? lengths = null) =>
        new([.. Enumerable.Range(0, 13).Select(_ => torch.randn(batch, tokens, 768))], lengths);

    private static void Measure(
        JsonObject result, string name, UniPTOptions options, int output, Func<HiddenStates> states, Func<PublishedNetwork, HiddenStates, Tensor> published)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        HiddenStates hidden = states();
        Weights weights = Weights.Fresh(0);
        using WeightStore store = weights.Store;
        weights.Store.train(true);
        TunedBackbone network = new UniPTMethod(options).Attach(new GivenStates(hidden).Streams.Only, weights, output);
        var reference = new PublishedNetwork(store.State());
        Func<Tensor>[] forwards = [() => network.Adapt(hidden).Tokens, () => published(reference, hidden)];
        Tensor cotangent = Cotangent(forwards[0]);

        // The first step also makes the weights' gradients, which later ones add to.
        Step(forwards[0], cotangent);

        // Kernels take work space for each further thread, of which this is no comparison; PyTorch's peer does likewise.
        int threads = TorchRuntime.Threads;
        TorchRuntime.Threads = 1;
        (long? Saved, long? Peak, double Seconds)[] bytes = [.. forwards.Select(forward => Step(forward, cotangent))];
        TorchRuntime.Threads = threads;
        foreach (Func<Tensor> forward in forwards)
        {
            Step(forward, cotangent);
        }

        var steps = Enumerable.Range(0, Steps).Select(_ => forwards.Select(forward => Step(forward, cotangent)).ToArray()).ToArray();
        result[$"{name}_shapes"] = new JsonArray([.. hidden.Layers.Select(layer => JsonValue.Create(string.Join("x", layer.shape)))]);
        result[$"{name}_parameters"] = store.ParameterCount;
        for (int i = 0; i < forwards.Length; i++)
        {
            string prefix = (i == 0 ? "" : "published_") + name;
            result[$"{prefix}_saved_bytes"] = bytes[i].Saved;
            result[$"{prefix}_peak_bytes"] = bytes[i].Peak;
            result[$"{prefix}_seconds"] = steps.Select(both => both[i].Seconds).Order().ElementAt(Steps / 2);
        }
    }

    /// <summary>Random numbers of the shape that a forward gives; what that recorded is freed.</summary>
    private static Tensor Cotangent(Func<Tensor> forward)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(torch.randn(forward().shape));
    }

    private static (long? Saved, long? Peak, double Seconds) Step(Func<Tensor> forward, Tensor cotangent)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        long before = TensorMemory.Current();
        TensorMemory.ResetPeak();
        long start = Stopwatch.GetTimestamp();
        long? saved;
        using (DisposeScope recorded = torch.NewDisposeScope())
        {
            Tensor output = forward();
            saved = TensorMemory.Available ? TensorMemory.Current() - before : null;
            output.Backward(cotangent);
        }

        return (saved, TensorMemory.PeakAbove(before), Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
