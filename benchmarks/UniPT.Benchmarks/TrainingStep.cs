using System.Diagnostics;
using System.Text.Json.Nodes;
using UniPT.Backbones;
using UniPT.Tasks.Retrieval.Heads;
using UniPT.Tasks.Retrieval.Losses;
using UniPT.Torch;
using UniPT.Tuning;
using UniPT.Tuning.UniPT;

namespace UniPT.Benchmarks;

/// <summary>Seconds of a UniPT training step: frozen backbones forward, both networks, loss, backward, AdamW.</summary>
internal static class TrainingStep
{
    private const int ImageSize = 224;
    private const int Batch = 32;
    private const int Tokens = 16;
    private const int Embedding = 256;
    private const int Reduction = 2;
    private const int Steps = 5;

    internal static JsonObject Run()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(0);
        Weights weights = Weights.Fresh(0);
        var method = new UniPTMethod(new UniPTOptions { Width = Embedding / Reduction });
        Tower Tower(string backbone, string name) => new(
            method.Attach(BackboneRegistry.Open(backbone, Models.PathOf(backbone)).Streams.Only, weights / name, Embedding),
            new EmbeddingHead(new Gpo(weights / name / "gpool")));
        (Tower image, Tower text) = (Tower("mobilenet_v2", "image"), Tower("use_lite", "text"));
        image.Tuned.train();
        text.Tuned.train();
        using var optimizer = new AdamW([new ParameterGroup(weights.Store.Trainable.ToDictionary(), 1e-4)]);
        var images = new BackboneInput(torch.rand(Batch, 3, ImageSize, ImageSize));
        var random = new Random(0);
        BackboneInput captions = BackboneInput.Texts(
            [.. Enumerable.Range(0, Batch).Select(row => Enumerable.Range(0, Length(row)).Select(_ => random.Next(6, 8000)).ToArray())]);

        double[] seconds = [.. Enumerable.Range(0, Steps + 2).Select(_ => Step(image, text, optimizer, images, captions)).Skip(2).Order()];
        return new JsonObject
        {
            ["benchmark"] = "UniPT training step",
            ["image_size"] = ImageSize,
            ["batch"] = Batch,
            ["tokens"] = Tokens,
            ["embed"] = Embedding,
            ["reduction"] = Reduction,
            ["steps"] = Steps,
            ["parameters"] = weights.Store.Trainable.Sum(pair => pair.Value.numel()),
            ["seconds"] = seconds[Steps / 2],
            ["fastest"] = seconds[0],
        };
    }

    // From the longest down to 2 tokens, then again.
    private static int Length(int row) => Tokens - (row % (Tokens - 1));

    private static double Step(Tower image, Tower text, AdamW optimizer, BackboneInput images, BackboneInput captions)
    {
        long start = Stopwatch.GetTimestamp();
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor loss = new HingeLoss(0.2).Forward(image.Embed(images), text.Embed(captions), hardest: true);
        optimizer.ZeroGrad();
        loss.Backward();
        nn.utils.clip_grad_norm_(optimizer.Parameters, 2);
        optimizer.Step(5e-4);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private sealed record Tower(TunedBackbone Tuned, EmbeddingHead Head)
    {
        internal Tensor Embed(BackboneInput input) => Head.Forward(Tuned.forward(input));
    }
}
