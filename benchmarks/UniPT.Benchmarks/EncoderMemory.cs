using System.Diagnostics;
using System.Text.Json.Nodes;
using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Benchmarks;

/// <summary>A BERT-shaped encoder without gradients: tensor bytes at the peak of its forward, and its time.</summary>
internal static class EncoderMemory
{
    private const int Layers = 12;
    private const int Width = 768;
    private const int Heads = 12;
    private const int Inner = 3072;
    private const int Batch = 32;
    private const int Tokens = 64;

    internal static JsonObject Run()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        Weights weights = Weights.Fresh(0);
        using WeightStore store = weights.Store;
        PostNormBlock[] encoder = [.. Enumerable.Range(0, Layers).Select(layer => Block(weights / layer))];
        Tensor input = torch.randn(Batch, Tokens, Width);
        Forward(encoder, input);
        long before = TensorMemory.Current();
        TensorMemory.ResetPeak();
        Forward(encoder, input);
        long? peak = TensorMemory.PeakAbove(before);
        long start = Stopwatch.GetTimestamp();
        Forward(encoder, input);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new JsonObject
        {
            ["benchmark"] = "encoder forward",
            ["layers"] = Layers,
            ["width"] = Width,
            ["heads"] = Heads,
            ["inner"] = Inner,
            ["batch"] = Batch,
            ["tokens"] = Tokens,
            ["parameters"] = store.ParameterCount,
            ["peak_bytes"] = peak,
            ["seconds"] = seconds,
        };
    }

    private static void Forward(PostNormBlock[] encoder, Tensor input)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor current = input.alias();
        foreach (PostNormBlock block in encoder)
        {
            using Tensor before = current;
            current = block.Forward(before);
        }
    }

    private static PostNormBlock Block(Weights weights)
    {
        Linear Project(string name) => new(weights / name, Width, Width);
        return new PostNormBlock(
            new MultiHeadAttention(Project("query"), Project("key"), Project("value"), Project("out"), Heads),
            new LayerNorm(weights / "attention_norm", Width, 1e-12),
            new FeedForward(new Linear(weights / "up", Width, Inner), new Linear(weights / "down", Inner, Width), Activation.Gelu),
            new LayerNorm(weights / "output_norm", Width, 1e-12));
    }
}
