using System.Diagnostics;
using System.Text.Json.Nodes;
using UniPT.Backbones;
using UniPT.Backbones.Bert;
using UniPT.Torch;
using UniPT.Tuning;
using UniPT.Tuning.Lora;
using UniPT.Tuning.UniPT;

namespace UniPT.Benchmarks;

/// <summary>
/// k adapters of UniPT on one pass of a BERT-base against k separate models with LoRA merged into their weights, which is
/// the fastest way to run those: time of one batch through all k, and bytes of weights and of tensors at the peak.
/// </summary>
internal static class AdapterSets
{
    private const int Output = 256;
    private const int Batch = 8;
    private const int Tokens = 32;
    private static readonly int[] Counts = [1, 10, 100];

    internal static JsonObject Shared() => Run("k adapters of UniPT on one pass", Set);

    internal static JsonObject Separate() => Run("k models of LoRA, merged", Models);

    private static JsonObject Run(string benchmark, Func<int, Service> build)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        var result = new JsonObject { ["benchmark"] = benchmark, ["batch"] = Batch, ["tokens"] = Tokens, ["output"] = Output };
        long[] ids = [.. Enumerable.Range(0, Batch * Tokens).Select(i => 1000L + i)];
        var input = new BackboneInput(TensorData.From(ids, Batch, Tokens), [.. Enumerable.Repeat(Tokens, Batch)]);
        foreach (int count in Counts)
        {
            Measure(result, count, build, input);
        }

        return result;
    }

    /// <summary>One backbone, k adapters of width 128.</summary>
    private static Service Set(int count)
    {
        Backbone backbone = Bert();
        Weights weights = Weights.Fresh(1);
        var set = new AdapterSet(backbone);
        var method = new UniPTMethod(new UniPTOptions { Width = 128 });
        for (int i = 0; i < count; i++)
        {
            set.Add(method.Attach(backbone.Streams.Only, weights / i, Output));
        }

        return new Service(input => set.Forward(input), backbone.Store.ByteCount + weights.Store.ByteCount, [backbone.Store, weights.Store]);
    }

    /// <summary>One model runs k times: k of them do not fit most machines, and running another one takes as long.</summary>
    private static Service Models(int count)
    {
        Backbone backbone = Bert();
        Weights weights = Weights.Fresh(1);
        LoraBackbone tuned = new LoraMethod(new LoraOptions()).Attach(backbone.Streams.Only, weights, Output);
        tuned.Updates.Merge();
        return new Service(
            input =>
            {
                for (int i = 0; i < count; i++)
                {
                    using DisposeScope scope = torch.NewDisposeScope();
                    tuned.forward(input);
                }
            },
            count * backbone.Store.ByteCount,
            [backbone.Store, weights.Store]);
    }

    private static void Measure(JsonObject result, int count, Func<int, Service> build, BackboneInput input)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Service service = build(count);
        Forward(service, input);
        long before = TensorMemory.Current();
        TensorMemory.ResetPeak();
        long start = Stopwatch.GetTimestamp();
        Forward(service, input);
        result[$"seconds_{count}"] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        result[$"weight_bytes_{count}"] = service.WeightBytes;
        result[$"forward_bytes_{count}"] = TensorMemory.PeakAbove(before);
        foreach (WeightStore store in service.Stores)
        {
            store.Dispose();
        }
    }

    private static void Forward(Service service, BackboneInput input)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        service.Forward(input);
    }

    /// <summary>A BERT-base of random weights, frozen as from a checkpoint.</summary>
    private static Backbone Bert()
    {
        string folder = Directory.CreateTempSubdirectory("unipt-benchmark-").FullName;
        try
        {
            string path = Path.Combine(folder, "bert.safetensors");
            Weights weights = Weights.Fresh(0);
            using (weights.Store)
            {
                _ = new BertEncoder(weights, new BertConfig { Pooler = false });
                SafetensorsWriter.Write(path, weights.Store.State());
            }

            return BackboneRegistry.Open("bert", path);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed record Service(Action<BackboneInput> Forward, long WeightBytes, WeightStore[] Stores);
}
